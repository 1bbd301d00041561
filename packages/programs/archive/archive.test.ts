import { concatBytes, toHex } from "@metersmith/base/bytes";
import { keyIdOf } from "@metersmith/base/ed25519";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { ProgramsError } from "../errors.ts";
import { archiveOf, maker, now, trust } from "../testing/archives.ts";
import { deviceType, deviceTypeFiles, deviceTypeIds } from "../testing/plug-ins.ts";
import { largestArchive, signedArchives } from "./archive-form.ts";
import { ManufacturerTrust } from "./manufacturer-trust.ts";
import { readManufacturerKey } from "./manufacturer-key.ts";
import { openArchive } from "./open.ts";
import { packDeviceType } from "./pack.ts";

let archive: Uint8Array;
beforeAll(async () => {
  archive = await archiveOf("wx-1");
});

/** Signs any contents, as a manufacturer may that packs by other means. */
async function signed(payload: Uint8Array): Promise<Uint8Array> {
  const keyId = keyIdOf(maker.publicKey);
  return signedArchives.encode({ keyId, payload, signature: await maker.sign(signedArchives.signedOctets(keyId, payload)) });
}

function refusalOf(bytes: Uint8Array, keys = trust, at = now): string {
  try {
    openArchive(bytes, keys, at);
  } catch (error) {
    if (error instanceof ProgramsError) return error.code;
    throw error;
  }
  return "taken";
}

test.each(deviceTypeIds)("[PLG-1] %s goes through an archive unchanged", async (id) => {
  const opened = openArchive(await archiveOf(id), trust, now);
  const inFolder = deviceType(id);
  expect(opened.signedBy.code).toBe("MSMT");
  expect(opened.deviceType).toMatchObject({ id, digest: inFolder.digest, version: inFolder.version, files: inFolder.files });
});

test("the same values give the same archive, whatever the formatting and the order of the files; notes for people stay outside", async () => {
  const files = deviceTypeFiles("wx-1");
  const otherwise = new Map([...files].toReversed().map(([name, text]) => [name, JSON.stringify(JSON.parse(text))]));
  otherwise.set("README.md", "# Notes");
  expect(toHex(await packDeviceType(otherwise, maker))).toBe(toHex(archive));
});

describe("[PLG-1] an archive that is not exactly what a trusted manufacturer signed is refused", () => {
  test("every flipped bit of the whole form, and flipped bits all through a whole type", async () => {
    const least = await signed(Uint8Array.of(0xa0));
    const codes = new Set<string>();
    const flip = (bytes: Uint8Array, bit: number): void => {
      const flipped = bytes.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const code = refusalOf(flipped);
      codes.add(code);
      if (code === "taken" || code === "device-type-invalid") expect.fail(`bit ${bit}: ${code}`);
    };
    // The empty one is signed and refused for what it lacks: a flipped bit never comes that far.
    expect(refusalOf(least)).toBe("device-type-invalid");
    for (let bit = 0; bit < least.length * 8; bit++) flip(least, bit);
    for (let bit = 3; bit < archive.length * 8; bit += 397) flip(archive, bit);
    expect([...codes].sort()).toEqual(["archive-invalid", "bad-signature", "unknown-key"]);
  });

  test("truncated, and with octets behind its end", () => {
    for (let length = 0; length < archive.length; length += 61) expect(refusalOf(archive.subarray(0, length))).toBe("archive-invalid");
    expect(refusalOf(concatBytes(archive, Uint8Array.of(0)))).toBe("archive-invalid");
  });

  test("any octets", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(refusalOf(bytes)).toBe("archive-invalid");
    }), { numRuns: 200 });
  });

  test("too large, before anything is looked at", () => {
    expect(() => openArchive(new Uint8Array(largestArchive + 1), trust, now)).toThrow(`archive: ${largestArchive + 1} octets; at most ${largestArchive} are taken`);
  });

  test("by a key that is not trusted, not yet or no longer, or that signs for another manufacturer", () => {
    const made = (more: object): ManufacturerTrust => new ManufacturerTrust([{ code: "MSMT", name: "Maker", publicKey: maker.publicKey, ...more }]);
    expect(refusalOf(archive, new ManufacturerTrust([]))).toBe("unknown-key");
    expect(refusalOf(archive, made({ from: now + 1 }))).toBe("key-not-allowed");
    expect(refusalOf(archive, made({ until: now }))).toBe("key-not-allowed");
    expect(refusalOf(archive, made({ from: now, until: now + 1 }))).toBe("taken");
    expect(() => openArchive(archive, made({ code: "NLIT" }), now)).toThrow("manifest.json: manufacturer.code: the type is of MSMT; this key signs for NLIT");
  });
});

describe("a manufacturer's key as a document", () => {
  const document = { format: "metersmith-manufacturer-key-1", manufacturer: { code: "NLIT", name: "Northlight" }, publicKey: toHex(maker.publicKey), until: "2027-01-01T00:00:00Z" };

  test("reads as what it says", () => {
    expect(readManufacturerKey(document, "k.json")).toEqual({ code: "NLIT", name: "Northlight", publicKey: maker.publicKey, until: Date.UTC(2027, 0, 1) / 1000 });
  });

  test.each([
    ["another format", { ...document, format: "metersmith-public-key-1" }, /^k\.json: format/],
    ["an unknown member", { ...document, secretKey: "00" }, /^k\.json: secretKey: is not a field/],
    ["half a key", { ...document, publicKey: "00" }, /^k\.json: publicKey: expected 64/],
  ])("%s is refused", (_, wrong, message) => {
    expect(() => readManufacturerKey(wrong, "k.json")).toThrow(message);
  });

  test("a point of small order is no key", () => {
    expect(() => new ManufacturerTrust([{ code: "NLIT", name: "", publicKey: new Uint8Array(32) }])).toThrow(expect.objectContaining({ code: "bad-key" }));
  });
});
