/**
 * What a socket or port gives, as plain octets in the same memory. The platform gives a `Buffer`, whose `slice` is a view: code that takes it for
 * a copy, as it is of every other array of octets, would change what it was given.
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
