import { toHex } from "@metersmith/base/bytes";
import { isPublicKey, keyIdOf } from "@metersmith/base/ed25519";
import { ProgramsError } from "../errors.ts";

/** A key that device types are taken from: those of this manufacturer, no other. */
export interface TrustedManufacturer {
  /** As in MANUFACTURER of table 1. */
  readonly code: string;
  readonly name: string;
  /** Ed25519, 32 octets. */
  readonly publicKey: Uint8Array;
  /** Seconds since 1970 UTC; in force from then on, absent = always was. */
  readonly from?: number;
  /** Not in force from then on; absent = without end. */
  readonly until?: number;
}

/** The manufacturers' keys that a site trusts, each by the id that follows from it. */
export class ManufacturerTrust {
  readonly #keys = new Map<string, TrustedManufacturer>();

  /** Throws `bad-key`. */
  constructor(manufacturers: readonly TrustedManufacturer[]) {
    for (const one of manufacturers) {
      if (!isPublicKey(one.publicKey)) throw new ProgramsError("bad-key", `the key of ${one.code} is no Ed25519 public key in the prime-order group, canonically encoded`, { context: { manufacturer: one.code } });
      this.#keys.set(toHex(keyIdOf(one.publicKey)), one);
    }
  }

  get manufacturers(): readonly TrustedManufacturer[] {
    return [...this.#keys.values()];
  }

  /** `now`: seconds since 1970. Throws `unknown-key`, `key-not-allowed`. */
  keyFor(keyId: Uint8Array, now: number): TrustedManufacturer {
    const id = toHex(keyId);
    const key = this.#keys.get(id);
    const known = [...this.#keys.values()].map(({ code }) => code).join(", ") || "nobody's";
    if (!key) throw new ProgramsError("unknown-key", `key id: ${id} is not trusted here; trusted are the keys of: ${known}`, { context: { place: "key id", keyId: id } });
    const refuse = (what: string): ProgramsError => new ProgramsError("key-not-allowed", `key id: the key ${id} of ${key.code} ${what}`, { context: { place: "key id", keyId: id } });
    if (now < (key.from ?? 0)) throw refuse("is not yet in force");
    if (key.until !== undefined && now >= key.until) throw refuse("is no longer in force");
    return key;
  }
}
