import { cdeEncodeOptions, decode, encode } from "cbor2";

/** Deterministic CBOR (RFC 8949 §4.2, common deterministic encoding): one value has one encoding. `undefined` members are left out. */
export function encodeCbor(value: unknown): Uint8Array {
  return encode(value, { ...cdeEncodeOptions, ignoreOriginalEncoding: true });
}

/** Decodes one CBOR item; trailing bytes and duplicate keys are errors. */
export function decodeCbor(bytes: Uint8Array): unknown {
  return decode(bytes, { rejectDuplicateKeys: true, requirePreferred: true });
}
