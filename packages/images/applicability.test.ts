import { describe, expect, test } from "vitest";
import { manifestRefusals, reviewRefusals, type MeterSituation } from "./applicability.ts";
import { draft, now, small, verified } from "./testing/small-images.ts";
import type { ImageDraft } from "./build-image.ts";

const meter: MeterSituation = { deviceType: "rx-2s", hardware: { version: 1, revision: 0 }, firmware: { version: 1, revision: 3 }, counter: 12, now, inTest: false };

async function refusals(change: Partial<ImageDraft>, situation: Partial<MeterSituation>): Promise<readonly string[]> {
  return manifestRefusals(verified(await small(change)).manifest, { ...meter, ...situation }).map(({ code, reason }) => `${code}: ${reason}`);
}

describe("[FWU-1.6] an image is taken or refused for a meter, with place and reason", () => {
  test("one that fits has nothing against it", async () => {
    expect(await refusals({}, {})).toEqual([]);
    expect(await refusals({ audience: "north", test: true }, { audience: "north", inTest: true })).toEqual([]);
    expect(await refusals({}, { counter: 11 })).toEqual([]);
  });

  test.each<[Partial<ImageDraft>, Partial<MeterSituation>, string]>([
    [{}, { deviceType: "ix-4s" }, "device-type: the image is for rx-2s, this meter is ix-4s"],
    [{}, { hardware: { version: 2, revision: 0 } }, "hardware: the image is for hardware 1.0 to 1.255, this meter has 2.0"],
    [{}, { hardware: { version: 0, revision: 255 } }, "hardware: the image is for hardware 1.0 to 1.255, this meter has 0.255"],
    [{}, { firmware: { version: 1, revision: 4 } }, "firmware: the image is for firmware 1.0 to 1.3, this meter runs 1.4"],
    [{}, { counter: 13 }, "counter: the image's counter is 12, this meter takes none below 13"],
    [{}, { now: draft.expiry }, "expired: the image expired 0 s ago"],
    [{}, { now: undefined }, "clock: this meter's clock is not set, so it cannot tell whether the image has expired"],
    [{ audience: "north" }, { audience: "south" }, "audience: the image is for the meters of north, this one is of south"],
    [{ audience: "north" }, {}, "audience: the image is for the meters of north, this one is nobody's yet"],
    [{ test: true }, {}, "test: the image is marked for test, and this meter is not in test"],
  ])("image %j, meter %j", async (change, situation, expected) => {
    expect(await refusals(change, situation)).toEqual([expected]);
  });

  test("all reasons are told, not the first alone", async () => {
    expect(await refusals({}, { deviceType: "ix-4s", counter: 99, now: undefined })).toHaveLength(3);
  });
});

describe("the tables it was reviewed against", () => {
  const against = async (bytes: Uint8Array | undefined): Promise<readonly string[]> =>
    reviewRefusals(verified(await small()).inventory, (table) => (table === 6 ? bytes : undefined)).map(({ code, place }) => `${code} ${place}`);

  test("may differ where the mask does not look", async () => {
    expect(await against(Uint8Array.of(1, 2, 3, 4))).toEqual([]);
    expect(await against(Uint8Array.of(1, 77, 0x0c, 4))).toEqual([]);
  });

  test("may not differ in a single bit that counts", async () => {
    const mask = [255, 0, 240, 255];
    for (let bit = 0; bit < 32; bit++) {
      const bytes = Uint8Array.of(1, 2, 3, 4);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      const counts = (mask[bit >> 3]! >> (bit & 7)) & 1;
      expect(await against(bytes), `bit ${bit}`).toEqual(counts ? ["table-changed table 6"] : []);
    }
  });

  test("have to be there, and as long", async () => {
    expect(await against(undefined)).toEqual(["table-missing table 6"]);
    expect(await against(Uint8Array.of(1, 2, 3, 4, 0))).toEqual(["table-changed table 6"]);
  });
});
