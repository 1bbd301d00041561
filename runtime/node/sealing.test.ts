import { createCipheriv } from "node:crypto";
import { expect, test } from "vitest";
import { sealing } from "./sealing.ts";

const secret = new TextEncoder().encode("meter password 01234");
const place = { purpose: "meter password", of: "MSMT 1" };
const [one, two] = ["11".repeat(32), "22".repeat(32)];
const ours = sealing(one);

test("what was sealed opens again, says its key, and two seals of one secret differ", () => {
  const sealed = ours.seal(secret, place);
  expect(Uint8Array.from(ours.open(sealed, place))).toEqual(secret);
  expect(ours.seal(secret, place)).not.toBe(sealed);
  expect(sealed).toMatch(/^ms2\.[0-9a-f]{8}\.[\w-]+$/);
  expect(sealed.startsWith(ours.current)).toBe(true);
});

test("another key, another purpose, another's place, or any altered character does not open", () => {
  const sealed = ours.seal(secret, place);
  expect(() => sealing(two).open(sealed, place)).toThrow(/which this site does not have/);
  expect(() => ours.open(sealed, { ...place, purpose: "another purpose" })).toThrow(/does not open/);
  expect(() => ours.open(sealed, { ...place, of: "MSMT 2" })).toThrow(/does not open/);
  expect(() => ours.open(sealed, { purpose: "meter passwordMSMT", of: " 1" })).toThrow(/does not open/);
  for (let at = 0; at < sealed.length; at++) {
    const altered = sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
    expect(() => ours.open(altered, place)).toThrow(/does not open/);
  }
  for (const nothing of ["", "ms2", "ms2..", `${sealed}=`, `${sealed}.`.slice(0, 20)]) expect(() => ours.open(nothing, place)).toThrow(/does not open/);
});

test("while a key is changed the new one seals and both open", () => {
  const before = ours.seal(secret, place);
  const both = sealing(`${two},${one}`);
  expect(Uint8Array.from(both.open(before, place))).toEqual(secret);
  expect(before.startsWith(both.current)).toBe(false);
  expect(Uint8Array.from(sealing(two).open(both.seal(secret, place), place))).toEqual(secret);
});

test("what the first version sealed still opens: nonce, tag and ciphertext without a header", () => {
  const nonce = Buffer.alloc(12, 7);
  const cipher = createCipheriv("aes-256-gcm", Buffer.from(one, "hex"), nonce).setAAD(Buffer.from("meter password"));
  const body = Buffer.concat([cipher.update(secret), cipher.final()]);
  const old = Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url");
  expect(Uint8Array.from(ours.open(old, place))).toEqual(secret);
  expect(() => ours.open(old, { ...place, purpose: "another" })).toThrow(/does not open/);
});

test.each(["", "00", "zz".repeat(32), `${one},`, `${one} ${two}`])("“%s” is no key, and the message does not repeat it", (keys) => {
  expect(() => sealing(keys)).toThrow(/^the sealing key must be 32 bytes \(64 hexadecimal digits\)$/);
});
