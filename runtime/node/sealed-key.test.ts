import { createDecipheriv, scryptSync } from "node:crypto";
import { expect, test } from "vitest";
import { openSecret, sealSecret } from "./sealed-key.ts";

const secret = Uint8Array.from({ length: 32 }, (_, at) => at);
/** Cheap: the tests are not what is attacked. */
const cost = 16;

test("a secret opens by its passphrase, however that was typed, and by no other; not under another purpose, nor changed", async () => {
  const sealed = await sealSecret(secret, "Schl\u00fcssel-wort", "this", cost);
  expect(await openSecret(sealed, "Schlu\u0308ssel-wort", "this")).toEqual(secret);
  const changed = { ...sealed, sealed: `${sealed.sealed.slice(0, -1)}${sealed.sealed.endsWith("0") ? "1" : "0"}` };
  for (const [one, passphrase, purpose] of [[sealed, "schl\u00fcssel-wort", "this"], [sealed, "Schl\u00fcssel-wort", "that"], [changed, "Schl\u00fcssel-wort", "this"], [{ ...sealed, cost: 32 }, "Schl\u00fcssel-wort", "this"]] as const) {
    await expect(openSecret(one, passphrase, purpose)).rejects.toMatchObject({ code: "passphrase" });
  }
});

test("it is scrypt and AES-256-GCM as others have them", async () => {
  const { salt, nonce, sealed } = await sealSecret(secret, "correct horse", "this", cost);
  const body = Buffer.from(sealed, "hex");
  const decipher = createDecipheriv("aes-256-gcm", scryptSync("correct horse", Buffer.from(salt, "hex"), 32, { N: cost, r: 8, p: 1 }), Buffer.from(nonce, "hex"));
  decipher.setAAD(Buffer.from("this")).setAuthTag(body.subarray(-16));
  expect(Buffer.concat([decipher.update(body.subarray(0, -16)), decipher.final()])).toEqual(Buffer.from(secret));
});

test("a short passphrase seals nothing, and a file that asks for too much memory opens nothing", async () => {
  await expect(sealSecret(secret, "short", "this", cost)).rejects.toMatchObject({ code: "passphrase" });
  const sealed = await sealSecret(secret, "correct horse", "this", cost);
  for (const much of [2 ** 21, 3, 0, -4, 1.5]) await expect(openSecret({ ...sealed, cost: much }, "correct horse", "this")).rejects.toMatchObject({ code: "bad-key" });
});

test("the same secret is sealed differently each time", async () => {
  const [a, b] = [await sealSecret(secret, "correct horse", "this", cost), await sealSecret(secret, "correct horse", "this", cost)];
  expect(a.sealed).not.toBe(b.sealed);
  expect(a.salt).not.toBe(b.salt);
});
