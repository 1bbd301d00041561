import { CborTag, encodeCbor } from "@metersmith/base/cbor";
import { array, fields, octets, readCbor } from "../cbor-reader.ts";
import { badImage } from "../images-error.ts";
import { keyIdLength, signatureLength } from "./ed25519.ts";

/** RFC 9052 §4.2: COSE_Sign1 under its tag. */
const sign1Tag = 18;
/** RFC 9052 §3.1: common header parameters. */
const header = { algorithm: 1, keyId: 4 } as const;
/** RFC 9053 §2.2: EdDSA; here with Ed25519 and nothing else. */
const edDsa = -8;
/** Bound into every signature and never sent: a signature made for something else is none for an image. Ours. */
const purpose = new TextEncoder().encode("metersmith image 1");
const largest = 320;

export interface Sign1 {
  readonly keyId: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

function protectedHeader(keyId: Uint8Array): Uint8Array {
  return encodeCbor(new Map<number, unknown>([[header.algorithm, edDsa], [header.keyId, keyId]]));
}

/** RFC 9052 §4.4: the octets that the signature is over. */
export function signedOctets(keyId: Uint8Array, payload: Uint8Array): Uint8Array {
  return encodeCbor(["Signature1", protectedHeader(keyId), purpose, payload]);
}

export function encodeSign1({ keyId, payload, signature }: Sign1): Uint8Array {
  return encodeCbor(new CborTag(sign1Tag, [protectedHeader(keyId), new Map(), payload, signature]));
}

/**
 * Takes exactly what `encodeSign1` makes: the algorithm and the key id in the protected header and nothing else, nothing in the unprotected one, the payload
 * inside. Throws `bad-image`, `too-large`.
 */
export function decodeSign1(bytes: Uint8Array): Sign1 {
  const tagged = readCbor(bytes, "signed manifest", largest);
  if (!(tagged instanceof CborTag) || tagged.tag !== sign1Tag) throw badImage("signed manifest", "no COSE_Sign1 (tag 18)");
  const [wrapped, open, payload, signature] = array(tagged.contents, "signed manifest", 4);
  const map = fields(readCbor(octets(wrapped, "protected header"), "protected header", largest), "protected header", Object.values(header));
  if (map.get(header.algorithm) !== edDsa) throw badImage("protected header", "the algorithm is not EdDSA (-8)");
  if (fields(open, "unprotected header", []).size > 0) throw badImage("unprotected header", "must be empty: nothing in it is signed");
  return {
    keyId: octets(map.get(header.keyId), "key id", keyIdLength),
    payload: octets(payload, "manifest"),
    signature: octets(signature, "signature", signatureLength),
  };
}
