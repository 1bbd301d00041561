import { concatBytes, fromHex } from "@metersmith/base/bytes";
import { keyIdOf, verifies } from "@metersmith/base/ed25519";
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { expect, test } from "vitest";
import { buildImage, decodeImage, keySigner, Trust, verifyManifest } from "../index.ts";
import { draft, now, publicKey, secretKey, small, trust } from "../testing/small-images.ts";
import { signedManifests } from "./cose-sign1.ts";
import { checkPublicKey } from "./ed25519.ts";

const order = 2n ** 252n + 27742317777372353535851937790883648493n;
/** The eight points of small order, canonically encoded (Chalkias, Garillot, Nikolaenko: Taming the many EdDSAs, 2020, table 6a). */
const smallOrder = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
];
/** Other encodings of points, y at or above the field's prime or a sign that means nothing (the same paper, table 6b). */
const notCanonical = [
  "0100000000000000000000000000000000000000000000000000000000000080",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

test.each([...smallOrder, ...notCanonical])("the point %s is no key", (hex) => {
  expect(() => checkPublicKey(fromHex(hex))).toThrow(expect.objectContaining({ code: "bad-key" }));
});

test("a key with a part of small order is no key", () => {
  const mixed = ed25519.Point.fromBytes(publicKey).add(ed25519.Point.fromHex(smallOrder[4]!)).toBytes();
  expect(() => checkPublicKey(mixed)).toThrow(expect.objectContaining({ code: "bad-key" }));
});

test.each([...smallOrder, ...notCanonical])("a signature whose R is %s is none, for any S", (hex) => {
  const message = Uint8Array.of(1);
  for (const s of [new Uint8Array(32), littleEndian(1n), littleEndian(order - 1n)]) {
    expect(verifies(concatBytes(fromHex(hex), s), message, publicKey)).toBe(false);
  }
});

test("S plus the group's order, which some verifiers take, is refused", async () => {
  const signed = signedManifests.decode(decodeImage(await small()).signedManifest);
  const s = bigEndian(signed.signature.slice(32).toReversed());
  for (let more = order; s + more < 2n ** 256n; more += order) {
    const signature = concatBytes(signed.signature.slice(0, 32), littleEndian(s + more));
    expect(() => verifyManifest(signedManifests.encode({ ...signed, signature }), trust, now)).toThrow(expect.objectContaining({ code: "bad-signature" }));
  }
});

test("a signature that only a verifier with the cofactor takes is refused", () => {
  // Made by the holder of the key: R is moved by a point of order 8, and S made for it.
  const message = Uint8Array.of(1, 2, 3);
  const { scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(secretKey);
  const nonce = 1234567n;
  const moved = ed25519.Point.BASE.multiply(nonce).add(ed25519.Point.fromHex(smallOrder[4]!)).toBytes();
  const challenge = bigEndian(sha512(concatBytes(moved, pointBytes, message)).toReversed()) % order;
  const signature = concatBytes(moved, littleEndian((nonce + challenge * scalar) % order));
  expect(ed25519.verify(signature, message, publicKey, { zip215: true })).toBe(true);
  expect(verifies(signature, message, publicKey)).toBe(false);
});

test("a key is taken for the kinds and the time it is trusted for", async () => {
  const { signedManifest } = decodeImage(await small());
  const code = (trusted: Trust, at: number | undefined): string => {
    try {
      verifyManifest(signedManifest, trusted, at);
      return "taken";
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  expect(code(trust, now)).toBe("taken");
  expect(code(new Trust([]), now)).toBe("unknown-key");
  expect(code(new Trust([{ publicKey, kinds: ["firmware"] }]), now)).toBe("key-not-allowed");
  const timed = new Trust([{ publicKey, kinds: ["program"], from: now, until: now + 10 }]);
  expect([now - 1, now, now + 9, now + 10, undefined].map((at) => code(timed, at))).toEqual(["key-not-allowed", "taken", "taken", "key-not-allowed", "key-not-allowed"]);
});

test("a signature by one trusted key under the id of another is refused", async () => {
  const other = keySigner(new Uint8Array(32).fill(9));
  const both = new Trust([{ publicKey, kinds: ["program"] }, { publicKey: other.publicKey, kinds: ["program"] }]);
  const signed = signedManifests.decode(decodeImage(await small()).signedManifest);
  const renamed = signedManifests.encode({ ...signed, keyId: keyIdOf(other.publicKey) });
  expect(() => verifyManifest(renamed, both, now)).toThrow(expect.objectContaining({ code: "bad-signature" }));
  const signature = await other.sign(signedManifests.signedOctets(signed.keyId, signed.payload));
  expect(() => verifyManifest(signedManifests.encode({ ...signed, signature }), both, now)).toThrow(expect.objectContaining({ code: "bad-signature" }));
});

test("a signer whose answer is no signature builds nothing", async () => {
  const liar = { publicKey, sign: () => new Uint8Array(64) };
  await expect(buildImage(draft, liar)).rejects.toMatchObject({ code: "bad-signature" });
});

function littleEndian(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(64, "0")).toReversed();
}

function bigEndian(bytes: Uint8Array): bigint {
  return bytes.reduce((value, octet) => value * 256n + BigInt(octet), 0n);
}
