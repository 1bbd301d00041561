import { equalBytes } from "@metersmith/base/bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ImageDraft } from "./build-image.ts";
import { decodeImage } from "./image.ts";
import { isPage, missingPages } from "./inventory/pages.ts";
import { draft, small, verified } from "./testing/small-images.ts";

/** What a frame of the narrowest carrier holds. */
const frame = 256;

test("the largest signed manifest fits into one frame", async () => {
  const range = { least: { version: 255, revision: 254 }, most: { version: 255, revision: 255 } };
  const widest = await small({
    deviceType: "abcdefghijklmnop", hardware: range, firmware: range, id: "ABCDEFGHIJKLMNOPQRSTUVWX", version: 2 ** 32 - 1, counter: 2 ** 32 - 1,
    activation: 2 ** 32 - 2, expiry: 2 ** 32 - 1, audience: "abcdefghijklmnop", test: true, pageSize: 65_536,
    content: { kind: "program", steps: [{ do: "write", table: 9, bytes: new Uint8Array(65_535), mask: new Uint8Array(65_535).fill(1) }, { do: "procedure", procedure: 1, parameter: new Uint8Array(255) }] },
  });
  // A size of more than two octets is the widest there is.
  expect(decodeImage(widest).signedManifest.length).toBeLessThanOrEqual(frame - 8);
  expect(decodeImage(await small()).signedManifest.length).toBeLessThanOrEqual(180);
});

describe("a draft that breaks the format is refused before anything is signed", () => {
  test.each<[string, Partial<ImageDraft>, string]>([
    ["a device type in capitals", { deviceType: "RX-2S" }, "manifest deviceType"],
    ["an empty id", { id: "" }, "manifest id"],
    ["a version beyond 32 bits", { version: 2 ** 32 }, "manifest version"],
    ["a counter below 0", { counter: -1 }, "manifest counter"],
    ["an activation at the expiry", { activation: draft.expiry }, "manifest activation"],
    ["a page of 65 octets", { pageSize: 65 }, "manifest pageSize"],
    ["a page of 32 octets", { pageSize: 32 }, "manifest pageSize"],
    ["a range upside down", { hardware: { least: { version: 2, revision: 0 }, most: { version: 1, revision: 0 } } }, "manifest hardware"],
    ["no step", { content: { kind: "program", steps: [] } }, "program"],
    ["a write of nothing", { content: { kind: "program", steps: [{ do: "write", table: 6, bytes: new Uint8Array(4), mask: new Uint8Array(4) }] } }, "program step 0"],
    ["a table beyond all", { content: { kind: "program", steps: [{ do: "write", table: 4096, bytes: new Uint8Array(4), mask: new Uint8Array(4).fill(1) }] } }, "program step 0"],
    ["firmware that is none", { content: { kind: "firmware", module: new Uint8Array(64) } }, "firmware"],
    ["more pages than an inventory holds", { content: { kind: "firmware", module: new Uint8Array(64 * 4097) } }, "inventory"],
    ["a mask of another length", { reviewed: [{ table: 6, bytes: new Uint8Array(4), mask: new Uint8Array(3) }] }, "table 6"],
    ["a table twice", { reviewed: [6, 6].map((table) => ({ table, bytes: new Uint8Array(4), mask: new Uint8Array(4) })) }, "inventory reviewed"],
  ])("%s", async (_, change, place) => {
    await expect(small(change)).rejects.toMatchObject({ code: "bad-draft", context: { place } });
  });
});

const masked = fc.integer({ min: 1, max: 200 }).chain((length) =>
  fc.record({ bytes: fc.uint8Array({ minLength: length, maxLength: length }), mask: fc.uint8Array({ minLength: length, maxLength: length }).map((mask) => (mask.some((octet) => octet > 0) ? mask : mask.fill(1))) }));
const step = fc.oneof(
  fc.record({ do: fc.constant("write" as const), table: fc.integer({ min: 0, max: 4095 }), image: masked }).map(({ image, ...rest }) => ({ ...rest, ...image })),
  fc.record({ do: fc.constant("procedure" as const), procedure: fc.integer({ min: 0, max: 4095 }), parameter: fc.uint8Array({ maxLength: 255 }) }),
);

test("any program comes back as it was put in, in its order, with the bits outside the masks 0", async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
    const { content } = verified(await small({ content: { kind: "program", steps }, reviewed: [] }));
    const wanted = steps.map((one) => (one.do === "write" ? { ...one, bytes: one.bytes.map((octet, at) => octet & one.mask[at]!) } : one));
    expect(content).toEqual({ kind: "program", steps: wanted });
  }), { numRuns: 40 });
});

test("of a partial transfer, the pages that are missing or damaged are told apart from the good ones", async () => {
  const module = Uint8Array.from({ length: 300 }, (_, at) => (at < 8 ? [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0][at]! : at));
  const { manifest, inventory, payload } = verified(await small({ content: { kind: "firmware", module }, version: 256 }));
  const page = (at: number): Uint8Array => payload.slice(at * 64, (at + 1) * 64);
  expect(missingPages(manifest, inventory, () => undefined)).toEqual([0, 1, 2, 3, 4]);
  expect(missingPages(manifest, inventory, page)).toEqual([]);
  const got = new Map([[0, page(0)], [1, page(2)], [3, page(3).slice(1)], [4, page(4)]]);
  expect(missingPages(manifest, inventory, (at) => got.get(at))).toEqual([1, 2, 3]);
  expect(page(4)).toHaveLength(44);
  expect(isPage(manifest, inventory, 5, new Uint8Array(0))).toBe(false);
  expect(isPage(manifest, inventory, -1, page(0))).toBe(false);
});

test("equal drafts make equal octets, whatever the order of the reviewed tables", async () => {
  const reviewed = [6, 54].map((table) => ({ table, bytes: new Uint8Array(9).fill(table), mask: new Uint8Array(9).fill(255) }));
  expect(equalBytes(await small({ reviewed }), await small({ reviewed: reviewed.toReversed() }))).toBe(true);
});
