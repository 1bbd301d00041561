import { fromHex, toHex } from "@metersmith/base/bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leastFirstMeter, mostFirstMeter } from "../testing/hand-made-meters.ts";
import { changes } from "./changes.ts";
import { maskOf, merge } from "./masked-image.ts";
import { partialWrites } from "./partial-writes.ts";

const calendar = fromHex("9ad5 13 9a41 01 0608 24 c27b 00 00a0 01 01010001 03020001");

describe("[ACC-2] masks", () => {
  test("a field's bits, in the meter's data order", () => {
    const path = ["TIER_SWITCHES[0].TIER_SWITCH.SWITCH_HOUR"];
    expect(toHex(maskOf(leastFirstMeter().layout(54), path).subarray(9, 11))).toBe("00f8");
    expect(toHex(maskOf(mostFirstMeter().layout(54), path).subarray(9, 11))).toBe("f800");
  });

  test("records, arrays and the whole table", () => {
    const layout = leastFirstMeter().layout(54);
    expect(toHex(maskOf(layout, ["NON_RECURR_DATES[1]", "DAILY_SCHEDULE_ID_MATRIX[1].WEEKDAY_SCHEDULE"]))).toBe(
      "000000 ffff7f 000000 000000 000000 00000000 0000ff00".replaceAll(" ", ""),
    );
    expect(maskOf(layout, [""]).every((octet) => octet === 0xff)).toBe(true);
    expect(maskOf(layout, []).every((octet) => octet === 0)).toBe(true);
  });

  test("a path that the table does not have is refused", () => {
    expect(() => maskOf(leastFirstMeter().layout(54), ["TIER_SWITCHES[2]"])).toThrow("Table 54 (CALENDAR_TBL) has no field TIER_SWITCHES[2] in this meter.");
  });
});

describe("[ACC-1] changes", () => {
  test("each field that would change, with both values, and only under the mask", () => {
    const wanted = calendar.slice();
    wanted.set(fromHex("c283 02"), 9); // 16:30 instead of 15:30, schedule 2 instead of 0
    const layout = leastFirstMeter().layout(54);
    const all = { table: 54, bytes: wanted, mask: maskOf(layout, [""]) };
    expect(changes(leastFirstMeter(), calendar, all)).toEqual([
      { table: 54, path: "TIER_SWITCHES[0].TIER_SWITCH.SWITCH_HOUR", offset: 9, before: 15, after: 16 },
      { table: 54, path: "TIER_SWITCHES[0].DAY_SCH_NUM", offset: 11, before: 0, after: 2 },
    ]);
    const hours = { ...all, mask: maskOf(layout, ["TIER_SWITCHES[0].TIER_SWITCH"]) };
    expect(changes(leastFirstMeter(), calendar, hours).map((change) => change.path)).toEqual(["TIER_SWITCHES[0].TIER_SWITCH.SWITCH_HOUR"]);
    expect(toHex(merge(calendar, hours).subarray(9, 12))).toBe("c28300");
  });

  test("bits that no field names are told by octet and bits", () => {
    const wanted = calendar.slice();
    wanted[2] = 0x93; // bit 7 of CALENDAR_ACTION
    const mask = new Uint8Array(23).fill(0xff);
    expect(changes(leastFirstMeter(), calendar, { table: 54, bytes: wanted, mask })).toEqual([
      { table: 54, path: "octet 2, bits 10000000", offset: 2, before: "13", after: "93" },
    ]);
  });

  test("lengths that differ are refused", () => {
    expect(() => changes(leastFirstMeter(), calendar, { table: 54, bytes: calendar, mask: new Uint8Array(22) })).toThrow("the meter has 23 octets, the image 23, its mask 22");
  });

  test("no difference under the mask, no change; and after merging there is none", () => {
    const octets = fc.uint8Array({ minLength: 23, maxLength: 23 });
    fc.assert(
      fc.property(octets, octets, octets, fc.constantFrom(leastFirstMeter, mostFirstMeter), (current, bytes, mask, meter) => {
        const wanted = { table: 54, bytes, mask };
        const differs = current.some((octet, i) => ((octet ^ bytes[i]!) & mask[i]!) !== 0);
        const merged = merge(current, wanted);
        expect(changes(meter(), current, wanted).length > 0).toBe(differs);
        expect(changes(meter(), merged, wanted)).toEqual([]);
        expect(merged.every((octet, i) => ((octet ^ current[i]!) & ~mask[i]! & 0xff) === 0)).toBe(true);
      }),
    );
  });
});

describe("partial writes", () => {
  test("two near differences go in one write, two far ones in two", () => {
    const target = new Uint8Array(100);
    target[10] = 1;
    target[15] = 2;
    target[90] = 3;
    expect(partialWrites(new Uint8Array(100), target).map(({ offset, bytes }) => [offset, bytes.length])).toEqual([[10, 6], [90, 1]]);
    expect(partialWrites(new Uint8Array(100), target, 2).map(({ offset }) => offset)).toEqual([10, 15, 90]);
    expect(partialWrites(target, target)).toEqual([]);
  });

  test("they make the target, in order, and no other split of the differences costs less", () => {
    const sparse = fc.array(fc.constantFrom(0, 0, 0, 1), { minLength: 1, maxLength: 11 });
    fc.assert(
      fc.property(sparse, fc.integer({ min: 0, max: 5 }), (flags, overhead) => {
        const current = new Uint8Array(flags.length);
        const target = Uint8Array.from(flags);
        const writes = partialWrites(current, target, overhead);
        for (const { offset, bytes } of writes) current.set(bytes, offset);
        expect(current).toEqual(target);
        expect(cost(writes.map(({ bytes }) => bytes.length), overhead)).toBe(cheapest(flags, overhead));
      }),
    );
  });
});

function cost(lengths: readonly number[], overhead: number): number {
  return lengths.reduce((sum, length) => sum + length + overhead, 0);
}

/** Tries every way to cut the differences into writes. */
function cheapest(flags: readonly number[], overhead: number): number {
  const places = flags.flatMap((flag, place) => (flag === 0 ? [] : [place]));
  let best = Number.POSITIVE_INFINITY;
  for (let cuts = 0; cuts < 2 ** Math.max(0, places.length - 1); cuts++) {
    const lengths: number[] = [];
    let first = places[0];
    places.forEach((place, i) => {
      const ends = i === places.length - 1 || ((cuts >> i) & 1) === 1;
      if (ends && first !== undefined) {
        lengths.push(place - first + 1);
        first = places[i + 1];
      }
    });
    best = Math.min(best, cost(lengths, overhead));
  }
  return best;
}
