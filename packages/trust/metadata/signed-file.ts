import { fromHex, toHex } from "@metersmith/base/bytes";
import { signatureLength } from "@metersmith/base/ed25519";
import { refused, TrustError } from "../trust-error.ts";
import { decodeJson, encodeJson, type Json } from "./canonical-json.ts";
import { Fields } from "./fields.ts";
import { keyIdForm, type PublicKey } from "./public-key.ts";

const mostSignatures = 64;
const signatureForm = new RegExp(`^[0-9a-f]{${2 * signatureLength}}$`);

/** A file of metadata: what is signed, and by whom. Nobody has checked the signatures. */
export interface SignedFile {
  readonly signed: Json;
  /** By key id; a key signs once. */
  readonly signatures: ReadonlyMap<string, Uint8Array>;
}

/**
 * Takes a file apart. Nothing but `signed` and `signatures` may stand there, since nothing signs it, and two signatures under one id are refused.
 * Throws `bad-metadata`, `too-large`.
 */
export function decodeSignedFile(octets: Uint8Array, place: string, largest: number): SignedFile {
  if (octets.length > largest) throw refused("too-large", place, `${octets.length} octets; ${largest} at most`);
  const fields = Fields.of(decodeJson(octets, place), place).only(["signed", "signatures"]);
  const signatures = new Map<string, Uint8Array>();
  for (const one of fields.list("signatures", mostSignatures)) {
    const signature = Fields.of(one, `${place}: signature`).only(["keyid", "sig"]);
    const keyId = signature.text("keyid", keyIdForm);
    if (signatures.has(keyId)) throw refused("bad-metadata", place, `two signatures under key ${keyId}`);
    signatures.set(keyId, fromHex(signature.text("sig", signatureForm)));
  }
  return { signed: fields.raw("signed"), signatures };
}

/** Signatures in the order of their keys' ids: the same content and signers give the same octets. */
export function encodeSignedFile({ signed, signatures }: SignedFile): Uint8Array<ArrayBuffer> {
  const listed = [...signatures].sort(([a], [b]) => (a < b ? -1 : 1)).map(([keyid, sig]) => ({ keyid, sig: toHex(sig) }));
  return encodeJson({ signed, signatures: listed });
}

/** Who signs: a key in memory, or a port to where the key is kept. */
export interface Signer {
  readonly key: PublicKey;
  /** An Ed25519 signature (64 octets) over the message as it is. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** The file with the signers' signatures beside those it has. Throws `bad-key` where a signer's answer has not the length of a signature. */
export async function withSignatures(file: SignedFile, signers: readonly Signer[]): Promise<SignedFile> {
  const message = encodeJson(file.signed);
  const signatures = new Map(file.signatures);
  for (const signer of signers) {
    const signature = await signer.sign(message);
    if (signature.length !== signatureLength) throw new TrustError("misuse", "bad-key", `The answer of key ${signer.key.id} is no signature.`, { place: "signature" });
    signatures.set(signer.key.id, signature);
  }
  return { signed: file.signed, signatures };
}
