import { fromHex, toHex } from "@metersmith/base/bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MeterContext } from "../context.ts";
import { standardDefinitions } from "../definitions/standard.generated.ts";
import { extendDefinitions } from "../fragments/apply.ts";
import type { Layout } from "../layout/layout.ts";
import { leastFirst, leastFirstMeter, mostFirstMeter } from "../testing/hand-made-meters.ts";
import { addressOf, fieldAtBit, fieldsAt } from "./field-address.ts";
import { indicesOf, octetsOfIndices, pathOfIndices } from "./index-path.ts";
import { accessMask, maskOf } from "./masked-image.ts";
import { tableWrites, type TableWrite } from "./table-writes.ts";

const tables = [0, 1, 3, 6, 11, 12, 13, 16, 21, 22, 23, 41, 42, 44, 51, 52, 53, 54, 55];

describe("fields and octets", () => {
  test("a path has an octet and bits, and the octet and bit have the path, in both data orders", () => {
    // Table 54: 2 dates and 1 recurring date of 3 octets, then switches: the hour is bits 11-15 of the first switch's two octets.
    const hour = { table: 54, path: "TIER_SWITCHES[0].TIER_SWITCH.SWITCH_HOUR", offset: 9, octets: 2, firstBit: 11, bits: 5 };
    for (const [meter, octetOfHour] of [[leastFirstMeter(), 10], [mostFirstMeter(), 9]] as const) {
      expect(addressOf(meter.layout(54), hour.path)).toEqual(hour);
      expect(fieldAtBit(meter.layout(54), octetOfHour, 7)).toEqual(hour);
      expect(fieldAtBit(meter.layout(54), 19 - octetOfHour, 7)?.path).not.toBe(hour.path);
    }
  });

  test("octets that no field names have no field; beyond the table there is none", () => {
    // CALENDAR_ACTION has bits 0-6.
    expect(fieldAtBit(leastFirstMeter().layout(54), 2, 7)).toBeUndefined();
    expect(fieldsAt(leastFirstMeter().layout(54), 23)).toEqual([]);
    expect(() => addressOf(leastFirstMeter().layout(54), "NO_SUCH")).toThrow("has no field NO_SUCH");
  });

  test.each([leastFirstMeter, mostFirstMeter])("every leaf is among the fields of its own octets, and of no other (%#)", (meter) => {
    for (const table of tables) {
      const layout = meter().layout(table);
      for (let octet = 0; octet < layout.size; octet++) {
        const expected = layout.leaves.filter((leaf) => leaf.offset <= octet && octet < leaf.offset + leaf.width).map((leaf) => leaf.path);
        expect(fieldsAt(layout, octet).map((field) => field.path)).toEqual(expected);
      }
    }
  });
});

describe("index lists", () => {
  // The anchor date, which these meters lack, is number 0 of table 54; a switch is number 3, with two members.
  test.each<[string, readonly number[], number, number]>([
    ["TIER_SWITCHES", [3], 9, 6],
    ["TIER_SWITCHES[1]", [3, 1], 12, 3],
    ["TIER_SWITCHES[1].TIER_SWITCH", [3, 1, 0], 12, 2],
    ["TIER_SWITCHES[1].DAY_SCH_NUM", [3, 1, 1], 14, 1],
  ])("%s is %j", (path, indices, offset, octets) => {
    const layout = leastFirstMeter().layout(54);
    expect(indicesOf(layout, path)).toEqual(indices);
    expect(pathOfIndices(layout, indices)).toBe(path);
    expect(octetsOfIndices(layout, indices)).toEqual({ offset, octets });
  });

  test("a sub-field has the list of its bit field, which travels as a whole", () => {
    expect(indicesOf(leastFirstMeter().layout(54), "TIER_SWITCHES[1].TIER_SWITCH.SWITCH_HOUR")).toEqual([3, 1, 0]);
  });

  test("neighbours are counted on the level of the last index", () => {
    expect(octetsOfIndices(leastFirstMeter().layout(54), [3, 0], 2)).toEqual({ offset: 9, octets: 6 });
    expect(octetsOfIndices(leastFirstMeter().layout(54), [3, 0], 3)).toBeUndefined();
  });

  test.each([[[]], [[0]], [[9]], [[3, 2]], [[3, 0, 0, 0]], [[3, 0, 0, 0, 0, 0, 0, 0, 0, 0]]])("%j is no part of this meter's table 54", (indices) => {
    if (indices.length > 0) expect(pathOfIndices(leastFirstMeter().layout(54), indices)).toBeUndefined();
    expect(octetsOfIndices(leastFirstMeter().layout(54), indices)).toBeUndefined();
  });

  test("the whole table has no index list", () => {
    expect(() => indicesOf(leastFirstMeter().layout(54), "")).toThrow(expect.objectContaining({ code: "not-addressable" }) as Error);
  });

  test.each([leastFirstMeter, mostFirstMeter])("path to list to path, and to the same octets (%#)", (meter) => {
    for (const table of tables) {
      const layout = meter().layout(table);
      for (const leaf of layout.leaves) {
        const indices = indicesOf(layout, leaf.path);
        const path = pathOfIndices(layout, indices) ?? expect.fail(leaf.path);
        expect(leaf.path.startsWith(path)).toBe(true);
        expect(octetsOfIndices(layout, indices)).toEqual({ offset: leaf.offset, octets: leaf.width });
      }
    }
  });
});

describe("[ACC-2] masks by patterns and by access", () => {
  test("a star stands for every element", () => {
    const layout = leastFirstMeter().layout(54);
    expect(maskOf(layout, ["TIER_SWITCHES[*].DAY_SCH_NUM"])).toEqual(maskOf(layout, ["TIER_SWITCHES[0].DAY_SCH_NUM", "TIER_SWITCHES[1].DAY_SCH_NUM"]));
    expect(maskOf(layout, ["DAILY_SCHEDULE_ID_MATRIX[*].SPECIAL_SCHEDULE[*]"]).filter((octet) => octet === 0xff)).toHaveLength(2);
    expect(maskOf(leastFirstMeter().layout(22), ["COINCIDENT_SELECT[*]"]).every((octet) => octet === 0)).toBe(true);
    for (const wrong of ["TIER_SWITCHES[*].COLOUR", "TIER_SWITCHES.*", "DAILY_SCHEDULE_ID_MATRIX[*][*]", "[*]"]) expect(() => maskOf(layout, [wrong])).toThrow("has no field");
  });

  test("what definitions restrict to reading is not under the mask of writing", () => {
    const field = (name: string, more: object): object => ({ kind: "field", name, type: "UINT8", ...more });
    const definitions = extendDefinitions(standardDefinitions, {
      format: "metersmith-tdl-1", enumerations: [], procedures: [],
      types: [
        { kind: "record", name: "PAIR_RCD", members: [field("FIXED", { access: "read" }), field("FREE", {})] },
        { kind: "record", name: "OWN_RCD", members: [field("KEY", { access: "write" }), { kind: "field", name: "PAIRS", type: "PAIR_RCD", count: "2" }] },
      ],
      tables: [{ number: 2048, name: "OWN_TBL", type: "OWN_RCD" }, { number: 2049, name: "SHOWN_TBL", type: "OWN_RCD", access: "read" }],
    });
    const context = MeterContext.of(definitions, new Map([[0, leastFirst[0]]]));
    expect(toHex(accessMask(context.layout(2048), "write"))).toBe("ff00ff00ff");
    expect(toHex(accessMask(context.layout(2048), "read"))).toBe("00ffffffff");
    expect(toHex(accessMask(context.layout(2049), "write"))).toBe("0000000000");
  });
});

describe("writes by what the meter lets be written alone", () => {
  const before = fromHex("9ad5 13 9a41 01 0608 24 c27b 00 00a0 01 01010001 03020001");
  const changed = (...places: number[]): Uint8Array => before.map((octet, i) => (places.includes(i) ? octet ^ 1 : octet));
  const layout = (): Layout => leastFirstMeter().layout(54);
  const told = (writes: readonly TableWrite[]): unknown[] => writes.map((write) => [write.kind, write.kind === "index" ? write.indices : write.offset, toHex(write.bytes)]);

  test("whole, by offset, and by index list", () => {
    const target = changed(11);
    expect(told(tableWrites(layout(), before, target, { offset: false, index: false }))).toEqual([["full", 0, toHex(target)]]);
    expect(told(tableWrites(layout(), before, target, { offset: true, index: false }))).toEqual([["offset", 11, "01"]]);
    // Two numbers and three octets cost less than three numbers and one.
    expect(told(tableWrites(layout(), before, target, { offset: false, index: true }, 0))).toEqual([["index", [3, 0, 1], "01"]]);
    expect(told(tableWrites(layout(), before, changed(9, 11), { offset: false, index: true }, 0))).toEqual([["index", [3, 0], "c37b01"]]);
    expect(tableWrites(layout(), before, before, { offset: true, index: true })).toEqual([]);
  });

  test("images of another length than the layout's are refused, not cut", () => {
    for (const length of [22, 24]) {
      const other = new Uint8Array(length);
      const target = other.map((_, i) => (i === length - 1 ? 1 : 0));
      expect(() => tableWrites(layout(), other, target, { offset: false, index: true })).toThrow(expect.objectContaining({ code: "mask-length" }) as Error);
    }
  });

  test("a table that changes everywhere is written as a whole", () => {
    const all = before.map((octet) => octet ^ 0xff);
    expect(told(tableWrites(layout(), before, all, { offset: true, index: true }))).toEqual([["full", 0, toHex(all)]]);
  });

  test("the writes make the target, and no other choice of index lists costs less", () => {
    const runs = everyRun(layout());
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 22 }), { minLength: 1, maxLength: 7 }), fc.integer({ min: 0, max: 6 }), (places, overhead) => {
        const target = changed(...places);
        const writes = tableWrites(layout(), before, target, { offset: false, index: true }, overhead);
        const image = before.slice();
        for (const write of writes) {
          image.set(write.bytes, write.offset);
          if (write.kind === "index") expect(octetsOfIndices(layout(), write.indices, write.elements)).toEqual({ offset: write.offset, octets: write.bytes.length });
        }
        expect(image).toEqual(target);
        const cost = writes.reduce((sum, write) => sum + overhead + write.bytes.length + (write.kind === "index" ? 2 * write.indices.length : 0), 0);
        expect(cost).toBe(Math.min(overhead + before.length, cheapestCover(runs, places, overhead)));
      }),
    );
  });

  test("any two images of any table, in either data order", () => {
    fc.assert(
      fc.property(fc.constantFrom(...tables), fc.constantFrom(leastFirstMeter, mostFirstMeter), fc.boolean(), fc.boolean(), fc.uint8Array({ minLength: 1, maxLength: 60 }), (table, meter, offset, index, octets) => {
        const whole = meter().layout(table);
        const before = new Uint8Array(whole.size);
        const after = before.map((_, i) => (octets[i % octets.length] ?? 0) & 1);
        for (const write of tableWrites(whole, before, after, { offset, index }, 2)) before.set(write.bytes, write.offset);
        expect(before).toEqual(after);
      }),
      { numRuns: 60 },
    );
  });
});

interface ListedRun {
  readonly numbers: number;
  readonly offset: number;
  readonly octets: number;
}

/** Every run of neighbours that an index list can name, found by trying all lists and counts. */
function everyRun(layout: Layout): ListedRun[] {
  const found: ListedRun[] = [];
  const visit = (indices: readonly number[]): void => {
    for (let index = 0; index < 12; index++) {
      const list = [...indices, index];
      if (!octetsOfIndices(layout, list)) continue;
      for (let elements = 1; elements <= 8; elements++) {
        const place = octetsOfIndices(layout, list, elements);
        if (place) found.push({ numbers: list.length, ...place });
      }
      visit(list);
    }
  };
  visit([]);
  return found;
}

/** The cheapest choice of runs that holds all places: for each set of places, the cheapest way to have them. */
function cheapestCover(runs: readonly ListedRun[], places: readonly number[], overhead: number): number {
  const best = Array.from({ length: 2 ** places.length }, () => Number.POSITIVE_INFINITY);
  best[0] = 0;
  for (let have = 0; have < best.length; have++) {
    for (const { numbers, offset, octets } of runs) {
      const more = places.reduce((set, place, i) => (place >= offset && place < offset + octets ? set | (1 << i) : set), have);
      best[more] = Math.min(best[more]!, best[have]! + overhead + 2 * numbers + octets);
    }
  }
  return best.at(-1)!;
}
