import { expect, test } from "vitest";
import { decodeCbor, encodeCbor } from "./cbor.ts";
import { digestOfValue } from "./digest.ts";
import { toHex } from "./bytes.ts";

test("deterministic CBOR sorts keys and uses the shortest forms (RFC 8949 appendix A and §4.2)", () => {
  expect(toHex(encodeCbor({ b: 2, a: 1 }))).toBe("a2616101616202");
  expect(toHex(encodeCbor([0, 23, 24, 1000, -1, "a", true, null]))).toBe("88001718181903e8206161f5f6");
});

test("equal values have equal digests whatever the order of their keys", () => {
  expect(digestOfValue({ a: 1, b: [1, 2] })).toBe(digestOfValue({ b: [1, 2], a: 1 }));
  expect(digestOfValue({ a: 1 })).not.toBe(digestOfValue({ a: 2 }));
});

test("decoding gives the value back and refuses duplicate keys", () => {
  expect(decodeCbor(encodeCbor({ x: new Uint8Array([1, 2]) }))).toEqual({ x: new Uint8Array([1, 2]) });
  expect(() => decodeCbor(Uint8Array.from([0xa2, 0x61, 0x61, 1, 0x61, 0x61, 2]))).toThrow();
});
