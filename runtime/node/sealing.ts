import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { fromHex } from "@metersmith/base/bytes";
import { Failure } from "@metersmith/base/errors";

const ALGORITHM = "aes-256-gcm";
const KEY_OCTETS = 32;
const NONCE_OCTETS = 12;
const TAG_OCTETS = 16;
const FORMAT = "ms2";

/** Where a sealed secret is kept. It is authenticated: what was sealed for one place opens at no other. */
export interface SealedPlace {
  /** What it is for, e.g. `meter programming password`. */
  readonly purpose: string;
  /** Whose it is, by what stays the same: the row's own key. */
  readonly of: string;
}

/** Keeps secrets unreadable where they are stored. */
export interface Sealing {
  seal(secret: Uint8Array, place: SealedPlace): string;
  /** @throws Failure `sealed-secret` where it was altered, is of another place, or sealed with a key that is not here. */
  open(sealed: string, place: SealedPlace): Uint8Array;
  /** What every text begins with that is sealed with the key in use: what begins otherwise is to be sealed anew. */
  readonly current: string;
}

/**
 * AES-256-GCM (NIST SP 800-38D) under a random nonce of 96 bits. The text is `ms2.<key id>.<base64url of nonce ‖ tag ‖ ciphertext>`; header, purpose
 * and whose it is are authenticated. The id of a key is the first 8 hexadecimal digits of a SHA-256 over it.
 * @param keys of 32 octets, hexadecimal, separated by commas: the first seals, all open. So a key is changed while both are in use.
 */
export function sealing(keys: string): Sealing {
  const ring = keys.split(",").map(keyOf);
  const [first] = ring;
  if (!first) throw badKey();
  return {
    current: header(first.id),
    seal(secret, place) {
      const nonce = randomBytes(NONCE_OCTETS);
      const cipher = createCipheriv(ALGORITHM, first.octets, nonce).setAAD(associated(header(first.id), place));
      const body = Buffer.concat([cipher.update(secret), cipher.final()]);
      return header(first.id) + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url");
    },
    open(sealed, place) {
      const [format, id = "", body = ""] = sealed.split(".");
      if (format !== FORMAT) return openOld(ring, sealed, place);
      const key = ring.find((one) => one.id === id);
      if (!key) throw doesNotOpen(place, `it is sealed with key ${id.slice(0, 8)}, which this site does not have`);
      return decrypt(key.octets, body, associated(header(id), place)) ?? fail(place);
    },
  };
}

interface Key {
  readonly id: string;
  readonly octets: Uint8Array;
}

function keyOf(text: string): Key {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw badKey();
  const octets = fromHex(text);
  return { octets, id: createHash("sha256").update("metersmith sealing key id\0").update(octets).digest("hex").slice(0, 8) };
}

const header = (id: string): string => `${FORMAT}.${id}.`;

/** Lengths stand before the texts: no other place has the same octets. */
function associated(head: string, { purpose, of }: SealedPlace): Buffer {
  return Buffer.from([head, purpose, of].map((text) => `${Buffer.byteLength(text)}:${text}`).join(""));
}

/** As the first version sealed: no header, and the purpose alone authenticated. Sealed anew as soon as a site starts. */
function openOld(ring: readonly Key[], sealed: string, place: SealedPlace): Uint8Array {
  for (const { octets } of ring) {
    const secret = decrypt(octets, sealed, Buffer.from(place.purpose));
    if (secret) return secret;
  }
  return fail(place);
}

function decrypt(key: Uint8Array, body: string, aad: Buffer): Uint8Array | undefined {
  const whole = Buffer.from(body, "base64url");
  // Base64 has spellings that mean the same octets; only the one that we write is ours.
  if (whole.length < NONCE_OCTETS + TAG_OCTETS || whole.toString("base64url") !== body) return undefined;
  try {
    const decipher = createDecipheriv(ALGORITHM, key, whole.subarray(0, NONCE_OCTETS), { authTagLength: TAG_OCTETS }).setAAD(aad);
    decipher.setAuthTag(whole.subarray(NONCE_OCTETS, NONCE_OCTETS + TAG_OCTETS));
    return Buffer.concat([decipher.update(whole.subarray(NONCE_OCTETS + TAG_OCTETS)), decipher.final()]);
  } catch {
    return undefined;
  }
}

const badKey = (): Failure => new Failure("misuse", "sealing-key", `the sealing key must be ${KEY_OCTETS} bytes (${2 * KEY_OCTETS} hexadecimal digits)`);

const doesNotOpen = ({ purpose }: SealedPlace, why: string): Failure => new Failure("input", "sealed-secret", `a sealed secret (${purpose}) does not open with this site's key: ${why}`);

function fail(place: SealedPlace): never {
  throw doesNotOpen(place, "it was altered, is of another place, or another site's");
}
