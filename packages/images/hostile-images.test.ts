import { concatBytes, fromHex, toHex } from "@metersmith/base/bytes";
import { encodeCbor } from "@metersmith/base/cbor";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { decodeImage, encodeImage } from "./image.ts";
import { ImagesError } from "./images-error.ts";
import { decodeProgram } from "./payload/program-steps.ts";
import { now, small, trust, verified } from "./testing/small-images.ts";
import { verifyImage, verifyManifest } from "./verify-image.ts";

let image: Uint8Array;
beforeAll(async () => {
  image = await small();
});

function refused(bytes: Uint8Array): string {
  try {
    verifyImage(bytes, trust, now);
  } catch (error) {
    if (error instanceof ImagesError) return error.code;
    throw error;
  }
  return "taken";
}

test("[FWU-1.7] every flipped bit of a whole image is refused", async () => {
  // As few octets as an image has: each bit of the manifest costs a verification.
  const least = await small({ deviceType: "r", id: "T", version: 1, counter: 0, reviewed: [], content: { kind: "program", steps: [{ do: "procedure", procedure: 3, parameter: Uint8Array.of(1) }] } });
  expect(refused(least)).toBe("taken");
  const codes = new Map<string, number>();
  for (let bit = 0; bit < least.length * 8; bit++) {
    const flipped = least.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    const code = refused(flipped);
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  expect([...codes.keys()].sort()).toEqual(["bad-image", "bad-signature", "not-bound", "unknown-key"]);
});

test("every truncation and every octet behind the end is refused", () => {
  for (let length = 0; length < image.length; length++) expect(refused(image.slice(0, length))).toBe("bad-image");
  for (let octet = 0; octet < 256; octet++) expect(refused(concatBytes(image, Uint8Array.of(octet)))).toBe("bad-image");
});

describe("another encoding of what was signed", () => {
  const manifestAt = (): { before: string; hex: string } => ({ before: "", hex: toHex(decodeImage(image).signedManifest) });

  test.each([
    ["a length in more octets than it needs", (hex: string) => hex.replace(/^d284/, "d29804")],
    ["a tag in more octets than it needs", (hex: string) => hex.replace(/^d284/, "d81284")],
    ["an array without a length", (hex: string) => `${hex.replace(/^d284/, "d29f")}ff`],
    ["no tag", (hex: string) => hex.slice(2)],
    ["an integer in more octets than it needs, in the protected header", (hex: string) => hex.replace("4da20127", "4ea2180127")],
    ["protected parameters out of order", (hex: string) => hex.replace(/4da20127(0448.{16})/, "4da2$10127")],
    ["a parameter twice", (hex: string) => hex.replace(/4da20127(0448.{16})/, "4fa301270127$1")],
    ["an empty protected header", (hex: string) => hex.replace(/4da20127(0448.{16})/, "40")],
    ["the key id in the unprotected header", (hex: string) => hex.replace(/4da20127(0448.{16})a0/, "43a10127a1$1")],
    ["something in the unprotected header", (hex: string) => hex.replace(/(4da201270448.{16})a0/, "$1a10300")],
    ["another algorithm", (hex: string) => hex.replace("4da20127", "4da20126")],
  ])("%s is refused", (_, change) => {
    const { hex } = manifestAt();
    const changed = change(hex);
    expect(changed).not.toBe(hex);
    expect(refused(encodeImage({ ...decodeImage(image), signedManifest: fromHex(changed) }))).toBe("bad-image");
  });

  test("the outer array with longer lengths, without a length, as a map or with four parts is refused", () => {
    const hex = toHex(image);
    expect(hex.startsWith("83")).toBe(true);
    for (const other of [`9803${hex.slice(2)}`, `9f${hex.slice(2)}ff`, `a3${hex.slice(2)}`, `84${hex.slice(2)}40`, `d9d9f7${hex}`]) expect(refused(fromHex(other))).toBe("bad-image");
  });
});

describe("parts that do not belong together", () => {
  test("the inventory or payload of another image is refused", async () => {
    const one = decodeImage(image);
    const two = decodeImage(await small({ content: { kind: "program", steps: [{ do: "procedure", procedure: 3, parameter: Uint8Array.of(1) }] } }));
    for (const mixed of [{ ...one, inventory: two.inventory }, { ...one, payload: two.payload }, { ...one, inventory: two.inventory, payload: two.payload }]) {
      expect(refused(encodeImage(mixed))).toBe("not-bound");
    }
  });

  test("pages in another order are refused, by the first that is wrong", async () => {
    const bytes = await small({ content: { kind: "program", steps: [{ do: "write", table: 54, bytes: Uint8Array.from({ length: 200 }, (_, at) => at), mask: new Uint8Array(200).fill(255) }] } });
    const parts = decodeImage(bytes);
    const payload = concatBytes(parts.payload.slice(0, 64), parts.payload.slice(128, 192), parts.payload.slice(64, 128), parts.payload.slice(192));
    expect(() => verifyImage(encodeImage({ ...parts, payload }), trust, now)).toThrow(expect.objectContaining({ code: "not-bound", context: { place: "page 1" } }));
  });
});

describe("arbitrary octets", () => {
  test("are refused with this package's error and no other", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(refused(bytes)).not.toBe("taken");
      expect(() => verifyManifest(bytes, trust, now)).toThrow(ImagesError);
      try {
        decodeProgram(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(ImagesError);
      }
    }), { numRuns: 300 });
  });

  test("so is a value of any shape in place of any part", () => {
    const anything = fc.anything({ withBigInt: true, withMap: true, withTypedArray: false }).filter((value) => {
      try {
        encodeCbor(value);
        return true;
      } catch {
        return false;
      }
    });
    fc.assert(fc.property(fc.array(anything, { minLength: 2, maxLength: 4 }), (parts) => {
      expect(refused(encodeCbor(parts))).not.toBe("taken");
    }), { numRuns: 200 });
  });

  test("a length that promises more than is there costs nothing", () => {
    for (const hex of ["9bffffffffffffffff", "5b7fffffffffffffff", "bb0000001fffffffff", "9a3fffffff"]) expect(refused(fromHex(hex))).toBe("bad-image");
  });
});

test("an image that was taken says what was put in", () => {
  expect(verified(image).content).toMatchObject({ kind: "program", steps: [{ do: "write", table: 54 }, { do: "procedure", procedure: 2051 }] });
});
