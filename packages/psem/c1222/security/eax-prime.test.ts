import { aes128, type Aes128 } from "@metersmith/base/aes128";
import { fromHex, toHex } from "@metersmith/base/bytes";
import fc from "fast-check";
import { expect, test } from "vitest";
import { eaxPrime } from "../../vectors/c1222-vectors.ts";
import { EaxPrime } from "./eax-prime.ts";

const key = fromHex(eaxPrime.key);
const header = fromHex(eaxPrime.header);
const bytes = (least: number, most: number) => fc.uint8Array({ minLength: least, maxLength: most });

test("seals and opens the published vector", () => {
  const eax = new EaxPrime(aes128(key));
  const sealed = eax.seal(header, fromHex(eaxPrime.plaintext));
  expect([toHex(sealed.ciphertext), toHex(sealed.mac)]).toEqual([eaxPrime.ciphertext, eaxPrime.mac]);
  expect(toHex(eax.open(header, fromHex(eaxPrime.ciphertext), fromHex(eaxPrime.mac)) ?? new Uint8Array(0))).toBe(eaxPrime.plaintext);
});

test("agrees with the definition written out octet by octet, for headers and payloads of every length", () => {
  fc.assert(
    fc.property(bytes(16, 16), bytes(17, 90), bytes(0, 90), (someKey, someHeader, payload) => {
      const { ciphertext, mac } = new EaxPrime(aes128(someKey)).seal(someHeader, payload);
      expect([toHex(ciphertext), toHex(mac)]).toEqual(byDefinition(someKey, someHeader, payload));
    }),
  );
});

test("one changed bit anywhere is found out", () => {
  const eax = new EaxPrime(aes128(key));
  fc.assert(
    fc.property(bytes(17, 60), bytes(0, 60), fc.nat(), (someHeader, payload, place) => {
      const { ciphertext, mac } = eax.seal(someHeader, payload);
      const parts = [someHeader.slice(), ciphertext.slice(), mac.slice()] as const;
      let at = place % (8 * (someHeader.length + ciphertext.length + 4));
      for (const part of parts) {
        if (at < 8 * part.length && at >= 0) part[at >> 3] = (part[at >> 3] ?? 0) ^ (1 << (at & 7));
        at -= 8 * part.length;
      }
      expect(eax.open(...parts)).toBeUndefined();
    }),
  );
});

test("a code of another length is never right", () => {
  const eax = new EaxPrime(aes128(key));
  const mac = eax.authenticate(header);
  expect([eax.verify(header, mac), eax.verify(header, mac.subarray(1)), eax.verify(header, new Uint8Array(0))]).toEqual([true, false, false]);
});

test.each([0, 1, 16])("a header of %i bytes is refused: the mode would be unsafe", (length) => {
  const eax = new EaxPrime(aes128(key));
  expect(() => eax.seal(new Uint8Array(length), new Uint8Array(1))).toThrow(expect.objectContaining({ code: "bad-argument" }));
  expect(() => eax.authenticate(new Uint8Array(length))).toThrow("safe only for more than 16");
});

test("nothing is decrypted before its code is verified", () => {
  let blocks = 0;
  const aes = aes128(key);
  const counting: Aes128 = { encryptBlock: (block) => (blocks++, aes.encryptBlock(block)) };
  const eax = new EaxPrime(counting);
  const ciphertext = fromHex(eaxPrime.ciphertext);
  blocks = 0;
  expect(eax.open(header, ciphertext, new Uint8Array(4))).toBeUndefined();
  expect(blocks).toBe(Math.ceil(header.length / 16) + Math.ceil(ciphertext.length / 16));
});

/** docs/reference/c1222.md 4 with octets and loops: slow, and nothing in common with the other but the block cipher. */
function byDefinition(someKey: Uint8Array, someHeader: Uint8Array, payload: Uint8Array): readonly [string, string] {
  const encrypt = (block: readonly number[]): number[] => {
    const view = new DataView(Uint8Array.from(block).buffer);
    const words = Uint32Array.from({ length: 4 }, (_, word) => view.getUint32(4 * word, true));
    aes128(someKey).encryptBlock(words);
    words.forEach((word, index) => view.setUint32(4 * index, word, true));
    return [...new Uint8Array(view.buffer)];
  };
  const double = (block: readonly number[]): number[] => {
    const number = block.reduceRight((sum, octet) => sum * 256n + BigInt(octet), 0n) * 2n;
    const reduced = number >> 128n ? (number & ((1n << 128n) - 1n)) ^ 0x87n : number;
    return Array.from({ length: 16 }, (_, index) => Number((reduced >> BigInt(8 * index)) & 0xffn));
  };
  const xor = (a: readonly number[], b: readonly number[]): number[] => a.map((octet, index) => octet ^ (b[index] ?? 0));
  const d = double(encrypt(Array.from({ length: 16 }, () => 0)));
  const q = double(d);
  const cmac = (start: readonly number[], message: readonly number[]): number[] => {
    const full = message.length % 16 === 0;
    const padded = full ? [...message] : [...message, 0x80];
    while (padded.length % 16 !== 0) padded.push(0);
    let state = [...start];
    for (let at = 0; at < padded.length; at += 16) {
      const last = at + 16 === padded.length;
      const block = xor(state, padded.slice(at, at + 16));
      state = encrypt(last ? xor(block, full ? d : q) : block);
    }
    return state;
  };
  const headerTag = cmac(d, [...someHeader]);
  let counter = BigInt(`0x${toHex(Uint8Array.from(headerTag.map((octet, index) => (index === 12 || index === 14 ? octet & 0x7f : octet))))}`);
  const ciphertext: number[] = [];
  for (let at = 0; at < payload.length; at += 16, counter++) {
    const stream = encrypt([...fromHex(counter.toString(16).padStart(32, "0"))]);
    ciphertext.push(...[...payload.subarray(at, at + 16)].map((octet, index) => octet ^ (stream[index] ?? 0)));
  }
  const tag = ciphertext.length > 0 ? xor(headerTag, cmac(q, ciphertext)) : headerTag;
  return [toHex(Uint8Array.from(ciphertext)), toHex(Uint8Array.from(tag.slice(12)))];
}
