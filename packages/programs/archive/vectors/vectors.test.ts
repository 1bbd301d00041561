import { readFileSync } from "node:fs";
import { fromHex, toHex } from "@metersmith/base/bytes";
import { digestOf } from "@metersmith/base/digest";
import { keyIdOf, publicKeyOf, sign, verifies } from "@metersmith/base/ed25519";
import { expect, test } from "vitest";
import { signedArchives } from "../archive-form.ts";
import { decodeContents, encodeContents } from "../contents.ts";
import { ManufacturerTrust } from "../manufacturer-trust.ts";
import { openArchive, unverifiedArchive } from "../open.ts";
import { secretKey, vectors } from "./vectors.ts";

const publicKey = publicKeyOf(secretKey);
const trust = new ManufacturerTrust([{ code: "MSMT", name: "Maker", publicKey }]);
const files = new Map(Object.entries(vectors.files).map(([name, value]) => [`${name}.json`, value]));

test("what was packed elsewhere is what is packed here, octet for octet", () => {
  expect(toHex(publicKey)).toBe(vectors.publicKey);
  const payload = encodeContents(files);
  expect(toHex(payload)).toBe(vectors.contents);
  const keyId = keyIdOf(publicKey);
  const signature = sign(signedArchives.signedOctets(keyId, payload), secretKey);
  expect(toHex(signedArchives.encode({ keyId, payload, signature }))).toBe(vectors.archive);
  expect(digestOf(fromHex(vectors.archive))).toBe(`sha256:${vectors.digest}`);
});

test("what was packed elsewhere reads as what was put in", () => {
  const archive = fromHex(vectors.archive);
  expect(unverifiedArchive(archive).files).toEqual(files);
  const { keyId, payload, signature } = signedArchives.decode(archive);
  expect(verifies(signature, signedArchives.signedOctets(keyId, payload), publicKey)).toBe(true);
  expect(decodeContents(payload)).toEqual(files);
  // Signed by the manufacturer, and still no device type.
  expect(() => openArchive(archive, trust, 0)).toThrow(/^factory\.json: is missing|^manifest\.json: /);
});

test.each(Object.entries(vectors.refused))("refused, though signed by a trusted key: %s", (name, hex) => {
  expect(() => openArchive(fromHex(hex), trust, 0)).toThrow(expect.objectContaining({ code: name === "a signature for images" ? "bad-signature" : "archive-invalid" }));
});

test("the page shows the vector that the tests run", () => {
  const page = readFileSync(new URL("../../../../docs/reference/device-type-archives.md", import.meta.url), "utf8");
  const shown = [...page.matchAll(/```hex\n([^`]+)```/g)].map(([, hex]) => hex?.replace(/\s/g, ""));
  expect(shown).toEqual([vectors.contents, vectors.archive]);
  expect(page).toContain(vectors.publicKey);
  expect(page).toContain(vectors.digest);
});
