import { Failure } from "@metersmith/base/errors";

/**
 * `bad-image` bytes that are no image: not CBOR, not deterministic, a field missing, unknown or out of bounds · `too-large` beyond a bound of the format ·
 * `unknown-key` signed under a key id that is not trusted here · `key-not-allowed` the key is trusted, but not for this kind, or not at this time ·
 * `bad-signature` the key did not sign these bytes · `bad-key` bytes that are no usable Ed25519 key · `not-bound` an inventory, page or payload that is not
 * the one the manifest was signed over · `bad-draft` what was asked to be built breaks the format.
 */
export type ImagesErrorCode = "bad-image" | "too-large" | "unknown-key" | "key-not-allowed" | "bad-signature" | "bad-key" | "not-bound" | "bad-draft";

/** The one error of this package. `context.place` names the part, `expected` and `actual` what it should have been and was. */
export class ImagesError extends Failure<ImagesErrorCode> {}

/** Bytes of a peer that are no image; `place` names the part. */
export function badImage(place: string, what: string, cause?: unknown): ImagesError {
  return new ImagesError("peer-data", "bad-image", `${place}: ${what}.`, { place }, cause);
}
