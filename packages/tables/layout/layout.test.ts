import { fromHex, toHex } from "@metersmith/base/bytes";
import { describe, expect, test } from "vitest";
import { MeterContext } from "../context.ts";
import { standardDefinitions } from "../definitions/standard.generated.ts";
import { accessMask, maskOf } from "../addressing/masked-image.ts";
import { extendDefinitions } from "../fragments/apply.ts";
import { leastFirst, leastFirstMeter, mostFirstMeter } from "../testing/hand-made-meters.ts";
import { valueDifferences } from "../values/difference.ts";

describe("paths", () => {
  test("a path names a leaf with its place in octets and bits", () => {
    // 2 dates of 3 octets and 1 recurring date of 3 come first.
    expect(leastFirstMeter().layout(54).find("TIER_SWITCHES[1].TIER_SWITCH.SWITCH_HOUR")).toMatchObject({
      path: "TIER_SWITCHES[1].TIER_SWITCH.SWITCH_HOUR", offset: 12, width: 2, shift: 11, bits: 5, kind: "uint",
    });
  });

  test("what is under a path is in the order of the table", () => {
    const leaves = leastFirstMeter().layout(54).under("TIER_SWITCHES[0]");
    expect(leaves.map((leaf) => leaf.path)).toEqual([
      "TIER_SWITCHES[0].TIER_SWITCH.NEW_TIER", "TIER_SWITCHES[0].TIER_SWITCH.SWITCH_MIN", "TIER_SWITCHES[0].TIER_SWITCH.SWITCH_HOUR", "TIER_SWITCHES[0].DAY_SCH_NUM",
    ]);
  });

  test.each(["TIER_SWITCHES", "TIER_SWITCHES[2].DAY_SCH_NUM", "TIER_SWITCHES[-1]", "tier_switches[0]", "NO_SUCH", "TIER_SWITCHES[0][0]", ".", "__proto__", "constructor"])(
    "%s is no leaf",
    (path) => {
      expect(leastFirstMeter().layout(54).find(path)).toBeUndefined();
    },
  );

  test.each([leastFirstMeter, mostFirstMeter])("every leaf is found by its path, by its number and by itself (%#)", (meter) => {
    const context = meter();
    for (const table of [0, 1, 3, 6, 7, 8, 11, 12, 13, 16, 21, 22, 23, 41, 42, 44, 51, 52, 53, 54, 55]) {
      const byNumber = context.layout(table);
      const others = Array.from({ length: byNumber.leafCount }, (_, index) => byNumber.leafAt(index)?.path);
      expect(byNumber.leaves.map((leaf) => leaf.path)).toEqual(others);
      for (const leaf of byNumber.leaves) expect(byNumber.find(leaf.path)).toEqual(leaf);
      expect(byNumber.leafAt(byNumber.leafCount)).toBeUndefined();
    }
  });

  test("leaves lie side by side and cover the table", () => {
    for (const table of [6, 23, 42, 54]) {
      const layout = leastFirstMeter().layout(table);
      let end = 0;
      for (const leaf of layout.leaves) {
        expect([end, end - leaf.width]).toContain(leaf.offset);
        end = leaf.offset + leaf.width;
      }
      expect(end).toBe(layout.size);
    }
  });
});

describe("bounds", () => {
  const type = (members: object[]): object => ({
    format: "metersmith-tdl-1", enumerations: [], procedures: [],
    types: [
      { kind: "record", name: "PAIR_RCD", members: [{ kind: "field", name: "A", type: "UINT8" }, { kind: "field", name: "B", type: "UINT8" }] },
      { kind: "record", name: "HUGE_RCD", members },
    ],
    tables: [{ number: 2048, name: "HUGE_TBL", type: "HUGE_RCD" }],
  });
  const layout = (...members: object[]) =>
    MeterContext.of(extendDefinitions(standardDefinitions, type(members)), new Map([[0, leastFirst[0]]])).layout(2048);
  const field = (name: string, more: object): object => ({ kind: "field", name, type: "PAIR_RCD", ...more });

  test.each([
    ["an array of gigabytes", field("ALL", { count: "1000000" })],
    ["octets beyond a table", field("ALL", { type: "BINARY", length: "1048561" })],
    ["more elements than a table takes", field("ALL", { count: "4000000000" })],
    ["many empty elements", field("ALL", { type: "BINARY", length: "0", count: "1000001" })],
  ])("%s is an error before anything is made", (_, member) => {
    expect(() => layout(member)).toThrow(expect.objectContaining({ code: "too-large", context: { field: "HUGE_TBL.ALL" } }) as Error);
  });

  test("arrays that multiply are counted before they are made", () => {
    const levels = Array.from({ length: 8 }, (_, i) => ({
      kind: "record", name: `L${i}_RCD`, members: [{ kind: "field", name: "NEXT", type: i < 7 ? `L${i + 1}_RCD` : "UINT8", count: "255" }],
    }));
    const nested = { ...(type([]) as { tables: object[] }), types: levels, tables: [{ number: 2048, name: "HUGE_TBL", type: "L0_RCD" }] };
    const context = MeterContext.of(extendDefinitions(standardDefinitions, nested), new Map([[0, leastFirst[0]]]));
    expect(() => context.layout(2048)).toThrow("would have more than");
  });

  // Levels of records, each with `width` arrays of the next: walked in vain, that is a thousand million million ways.
  const empties = (levels: number, width: number): object => ({
    ...type([]),
    types: Array.from({ length: levels }, (_, level) => ({
      kind: "record", name: level === 0 ? "HUGE_RCD" : `L${level}_RCD`,
      members: [{ kind: "field", name: "A", type: "UINT8" }, ...(level + 1 < levels ? Array.from({ length: width }, (_unused, i) => ({ kind: "field", name: `F${i}`, type: `L${level + 1}_RCD`, count: "0" })) : [])],
    })),
  });

  test("arrays of nothing cost nothing, however many are nested", () => {
    const context = MeterContext.of(extendDefinitions(standardDefinitions, empties(7, 300)), new Map([[0, leastFirst[0]]]));
    const table = context.decode(2048, Uint8Array.of(7));
    expect(toHex(context.encode(2048, table.tree()))).toBe("07");
    expect([...table.numbers()]).toEqual([7]);
    expect(toHex(accessMask(table.layout, "write"))).toBe("ff");
    expect(toHex(maskOf(table.layout, ["A"]))).toBe("ff");
    expect(valueDifferences(table, context.decode(2048, Uint8Array.of(8)))).toEqual([{ path: "A", before: 7, after: 8 }]);
  });

  test("many elements of many empty arrays are counted before they are made", () => {
    const nothings = Array.from({ length: 100 }, (_, i) => ({ kind: "field", name: `F${i}`, type: "UINT8", count: "0" }));
    const types = [{ kind: "record", name: "PAIR_RCD", members: [{ kind: "field", name: "A", type: "UINT8" }, ...nothings] }, { kind: "record", name: "HUGE_RCD", members: [field("ALL", { count: "100000" })] }];
    const context = MeterContext.of(extendDefinitions(standardDefinitions, { ...type([]), types }), new Map([[0, leastFirst[0]]]));
    expect(() => context.layout(2048)).toThrow(expect.objectContaining({ code: "too-large", message: expect.stringContaining("more than 4000000 records, arrays and fields") as unknown }) as Error);
  });

  test("a dimension below zero gives no layout", () => {
    expect(() => layout(field("ALL", { count: "1 - 2" }))).toThrow(expect.objectContaining({ code: "bad-dimension" }) as Error);
  });

  test("the largest table there can be is laid out", () => {
    const largest = layout(field("ALL", { count: "499999" }));
    expect(largest.size).toBe(999_998);
    expect(largest.find("ALL[499998].B")?.offset).toBe(999_997);
  });
});

describe("least and most", () => {
  const definitions = extendDefinitions(standardDefinitions, {
    format: "metersmith-tdl-1", enumerations: [], procedures: [],
    types: [{ kind: "record", name: "LIMITED_RCD", members: [
      { kind: "field", name: "FREE", type: "FLOAT32" },
      { kind: "field", name: "REAL", type: "FLOAT32", least: 0, most: 100, count: "2" },
      { kind: "field", name: "AT_LEAST", type: "FLOAT64", least: 0 },
    ] }],
    tables: [{ number: 2048, name: "LIMITED_TBL", type: "LIMITED_RCD" }],
  });
  const meter = (): MeterContext => MeterContext.of(definitions, new Map([[0, leastFirst[0]]]));

  // IEEE 754, low octet first: 50 is 42480000, 101 is 42CA0000, -1 is BF800000, NaN 7FC00000, infinity 7F800000 and 7FF0000000000000.
  test.each([["raw:0000ca42"], ["raw:000080bf"], ["raw:0000c07f"], ["raw:0000807f"], [101], [-1]])("octets that stand for what may not be written are refused like the number: %s", (value) => {
    expect(() => meter().encode(2048, { REAL: [50, value] })).toThrow("Table MT 0 (LIMITED_TBL), REAL[1], octet 8: expected from 0 to 100");
    expect(toHex(meter().encode(2048, { REAL: [50, "raw:00004842"] }).subarray(4, 12))).toBe("0000484200004842");
    expect(toHex(meter().encode(2048, { FREE: "raw:0000c07f" }).subarray(0, 4))).toBe("0000c07f");
  });

  test("infinity is at least nothing", () => {
    expect(() => meter().encode(2048, { AT_LEAST: "raw:000000000000f07f" })).toThrow("AT_LEAST, octet 12: expected at least 0");
  });

  test("the flat vector is held to them where it would change a number, and keeps what a meter holds", () => {
    const held = meter().decode(2048, fromHex("00000000 0000ca42 0000c07f 0000000000000000"));
    expect(toHex(held.withNumbers(held.numbers()).bytes)).toBe(toHex(held.bytes));
    const vector = held.numbers();
    vector[2] = 100;
    expect(toHex(held.withNumbers(vector).bytes.subarray(8, 12))).toBe("0000c842");
    for (const outside of [-1, 100.5, Number.POSITIVE_INFINITY]) {
      vector[2] = outside;
      expect(() => held.withNumbers(vector)).toThrow(`Table MT 0 (LIMITED_TBL), REAL[1], octet 8: expected from 0 to 100, found ${outside}.`);
    }
  });

  test("a default that they do not allow is none", () => {
    const limited = (more: object): object => ({
      format: "metersmith-tdl-1", enumerations: [], procedures: [], tables: [],
      types: [{ kind: "record", name: "LIMITED_RCD", members: [{ kind: "field", name: "A", type: "UINT8", ...more }] }],
    });
    expect(() => extendDefinitions(standardDefinitions, limited({ least: 3, default: "2" }))).toThrow("LIMITED_RCD.A has the default 2, which its least and most do not allow");
    expect(() => extendDefinitions(standardDefinitions, limited({ most: 3, default: "4" }))).toThrow("which its least and most do not allow");
  });
});
