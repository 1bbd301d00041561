import { expect, test } from "vitest";
import { sealing } from "./sealing.ts";

const secret = new TextEncoder().encode("meter password 01234");
const ours = sealing("11".repeat(32));

test("what was sealed opens again, and two seals of one secret differ", () => {
  const sealed = ours.seal(secret, "meter password");
  expect(Uint8Array.from(ours.open(sealed, "meter password"))).toEqual(secret);
  expect(ours.seal(secret, "meter password")).not.toBe(sealed);
});

test("another key, another purpose, or any altered octet does not open", () => {
  const sealed = ours.seal(secret, "meter password");
  expect(() => sealing("22".repeat(32)).open(sealed, "meter password")).toThrow(/does not open/);
  expect(() => ours.open(sealed, "another purpose")).toThrow(/does not open/);
  const bytes = Buffer.from(sealed, "base64url");
  for (let i = 0; i < bytes.length; i++) {
    const altered = Buffer.from(bytes);
    altered[i]! ^= 1;
    expect(() => ours.open(altered.toString("base64url"), "meter password")).toThrow(/does not open/);
  }
  expect(() => ours.open("", "meter password")).toThrow(/does not open/);
});
