import { cdeDecodeOptions, cdeEncodeOptions, decode, encode, Tag } from "cbor2";
import { equalBytes } from "./bytes.ts";

/** Deterministic CBOR (RFC 8949 §4.2, common deterministic encoding): one value has one encoding. `undefined` members are left out. */
export function encodeCbor(value: unknown): Uint8Array {
  return encode(value, { ...cdeEncodeOptions, ignoreOriginalEncoding: true });
}

/** Decodes one CBOR item; trailing bytes and duplicate keys are errors. */
export function decodeCbor(bytes: Uint8Array): unknown {
  return decode(bytes, { rejectDuplicateKeys: true, requirePreferred: true });
}

/** A tagged item: `contents` under the number `tag`. */
export class CborTag {
  readonly tag: number;
  readonly contents: unknown;

  constructor(tag: number, contents: unknown) {
    this.tag = tag;
    this.contents = contents;
  }

  /** How the encoder writes it. */
  toCBOR(): [number, unknown] {
    return [this.tag, this.contents];
  }
}

const usualDepth = 8;

/**
 * Decodes one item of deterministic CBOR from whoever: every map a `Map`, every tag a `CborTag`, integers past 2^53 `bigint`. Refused with a
 * `SyntaxError`: another encoding of the same value, duplicate keys, trailing bytes, floats, `undefined`, simple values beyond true, false and null, lengths
 * left open, nesting deeper than `deepest`. The caller bounds the length.
 */
export function decodeDeterministicCbor(bytes: Uint8Array, deepest = usualDepth): unknown {
  const value = strictly(bytes, deepest);
  // What the decoder might let pass: an item that would be written otherwise is not the item that was signed.
  if (!equalBytes(encodeCbor(value), bytes)) throw new SyntaxError("not the deterministic encoding of its value");
  return value;
}

function strictly(bytes: Uint8Array, deepest: number): unknown {
  try {
    return ownTags(decode(bytes, {
      ...cdeDecodeOptions, rejectDuplicateKeys: true, preferMap: true, ignoreGlobalTags: true, rejectFloats: true, rejectUndefined: true, rejectStreaming: true, maxDepth: deepest,
    }));
  } catch (error) {
    throw new SyntaxError(`not deterministic CBOR: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function ownTags(value: unknown): unknown {
  if (value instanceof Tag) return new CborTag(Number(value.tag), ownTags(value.contents));
  if (Array.isArray(value)) return value.map(ownTags);
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [ownTags(key), ownTags(one)]));
  return value;
}
