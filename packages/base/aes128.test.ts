import { expect, test } from "vitest";
import { aes128 } from "./aes128.ts";
import { fromHex, toHex } from "./bytes.ts";

function encrypt(key: string, text: string): string {
  const octets = fromHex(text);
  const view = new DataView(octets.buffer);
  const block = Uint32Array.from({ length: 4 }, (_, word) => view.getUint32(4 * word, true));
  aes128(fromHex(key)).encryptBlock(block);
  block.forEach((word, index) => view.setUint32(4 * index, word, true));
  return toHex(octets);
}

test.each([
  ["FIPS 197, appendix C.1", "000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff", "69c4e0d86a7b0430d8cdb78070b4c55a"],
  ["NIST SP 800-38A, F.1.1", "2b7e151628aed2a6abf7158809cf4f3c", "6bc1bee22e409f96e93d7e117393172a", "3ad77bb40d7a3660a89ecaf32466ef97"],
])("encrypts the published block: %s", (_, key, text, expected) => {
  expect(encrypt(key, text)).toBe(expected);
});

test("a key of another length is refused", () => {
  expect(() => aes128(new Uint8Array(32))).toThrow("16 bytes");
});
