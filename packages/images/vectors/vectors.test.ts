import { fromHex, toHex } from "@metersmith/base/bytes";
import { describe, expect, test } from "vitest";
import { buildImage, decodeImage, keySigner, publicKeyOf, Trust, unverifiedManifest, verifyImage, verifyManifest } from "../index.ts";
import { encodeManifest } from "../manifest/manifest-codec.ts";
import { secretKeys, vectors } from "./vectors.ts";

const [first, second] = secretKeys.map(publicKeyOf) as [Uint8Array, Uint8Array];
const trust = new Trust([{ publicKey: first, kinds: ["program"] }, { publicKey: second, kinds: ["firmware"] }]);
const now = 1_800_000_000;

test("the keys are those of RFC 8032", () => {
  expect([first, second].map(toHex)).toEqual(vectors.publicKeys);
});

test("the program made elsewhere reads as what was put in", () => {
  const { manifest, inventory, content } = verifyImage(fromHex(vectors.program.image), trust, now);
  const { root, ...rest } = manifest;
  expect(rest).toEqual({
    kind: "program", deviceType: "rx-2s", hardware: { least: { version: 1, revision: 0 }, most: { version: 1, revision: 255 } },
    firmware: { least: { version: 1, revision: 0 }, most: { version: 1, revision: 3 } },
    id: "TOU-2", version: 7, counter: 12, activation: 1_798_761_600, expiry: 1_806_537_600, audience: "utility-north", test: false, size: 41, pageSize: 64,
  });
  expect(root).toHaveLength(32);
  expect(inventory.reviewed.map(({ table, mask }) => [table, toHex(mask)])).toEqual([[6, "ffffffff0000f0"]]);
  expect(content.kind === "program" && content.steps.map((step) => (step.do === "write" ? [step.table, toHex(step.bytes.slice(0, 7)), toHex(step.mask.slice(0, 7)), step.mask.length] : [step.procedure, toHex(step.parameter)]))).toEqual([
    [6, "0000544f5532", "0000ffffffff", 6],
    [54, "01020304000000", "ffffff0f000000", 64],
    [2051, "0a0b"],
  ]);
});

test("the firmware made elsewhere reads as what was put in", () => {
  const { manifest, content } = verifyImage(fromHex(vectors.firmware.image), trust, now);
  expect(manifest).toMatchObject({ kind: "firmware", id: "metrology", version: 512, counter: 3, expiry: 4_294_967_295, test: true, size: 130 });
  expect(manifest).not.toHaveProperty("activation");
  expect(content.kind === "firmware" && toHex(content.module.slice(0, 10))).toBe("0061736d010000000078");
});

describe.each(["program", "firmware"] as const)("%s", (kind) => {
  const key = secretKeys[kind === "program" ? 0 : 1];

  test("built here from the same content it is the same octets", async () => {
    const { manifest, content } = verifyImage(fromHex(vectors[kind].image), trust, now);
    const reviewed = kind === "program" ? [{ table: 6, bytes: fromHex("544f5541ffff5a"), mask: fromHex("ffffffff0000f0") }] : [];
    const { size: _size, root: _root, kind: _kind, ...rest } = manifest;
    expect(toHex(await buildImage({ ...rest, content, reviewed }, keySigner(key)))).toBe(vectors[kind].image);
  });

  test("its parts are where the page says", () => {
    const parts = decodeImage(fromHex(vectors[kind].image));
    expect({ signedManifest: toHex(parts.signedManifest), inventory: toHex(parts.inventory), payload: toHex(parts.payload) }).toEqual({
      signedManifest: vectors[kind].signedManifest, inventory: vectors[kind].inventory, payload: vectors[kind].payload,
    });
    expect(toHex(encodeManifest(unverifiedManifest(parts.signedManifest).manifest))).toBe(vectors[kind].manifest);
  });
});

test.each(Object.entries(vectors.refusedSignedManifests))("refused, though correctly signed: %s", (name, hex) => {
  const code = name.includes("purpose") || name.includes("under the id") ? "bad-signature" : "bad-image";
  expect(() => verifyManifest(fromHex(hex), trust, now)).toThrow(expect.objectContaining({ code }));
});
