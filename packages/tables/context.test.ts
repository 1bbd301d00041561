import { fromHex, toHex } from "@metersmith/base/bytes";
import { describe, expect, test } from "vitest";
import { MeterContext } from "./context.ts";
import { standardDefinitions } from "./definitions/standard.generated.ts";
import type { FieldValue } from "./field-value.ts";
import { TablesError } from "./tables-error.ts";
import { contextOf, leastFirst, leastFirstMeter, mostFirst } from "./testing/hand-made-meters.ts";

describe("dimensions", () => {
  test("a layout tells which tables it depends on, in the order in which they can be read", () => {
    const context = contextOf({ 0: leastFirst[0] });
    expect(context.dimensionTables(0)).toEqual([]);
    expect(context.dimensionTables(1)).toEqual([0]);
    expect(context.dimensionTables(54)).toEqual([0, 51]);
    expect(context.dimensionTables(64)).toEqual([0, 61, 62]);
  });

  test("a dimension table that has not been read is asked for by its number and name", () => {
    expect(() => contextOf({ 0: leastFirst[0] }).layout(54)).toThrow("Table 51 (ACT_TIME_TOU_TBL) gives dimensions and has not been read.");
    expect(() => MeterContext.of(standardDefinitions, new Map())).toThrow(expect.objectContaining({ code: "dimension-missing" }) as Error);
  });

  test("a dimension that the meter's own table does not have is told with that table, and what to look at", () => {
    const sets = { DIM_STD_TBLS_USED: 9, STD_TBLS_USED: [61, 62, 64] };
    const { context } = MeterContext.fromValues(standardDefinitions, new Map<number, FieldValue>([[0, { FORMAT_CONTROL_1: { CHAR_FORMAT: 1 }, ...sets }], [61, {}], [62, {}]]));
    expect(() => context.layout(66)).toThrow(expect.objectContaining({
      code: "bad-dimension", context: expect.objectContaining({ table: 61, field: "ACT_LP_TBL.NBR_BLKS_SET3", expected: "a number", actual: "nothing" }) as unknown,
      message: "Another table's form depends on a number in table 61: ACT_LP_TBL.NBR_BLKS_SET3, which this meter does not have in it. Check that table 0 lists the table that was asked for.",
    }) as Error);
  });

  test("a meter without the actual table is read by its dimension table", () => {
    const { context, images } = MeterContext.fromValues(standardDefinitions, new Map<number, FieldValue>([
      [0, { FORMAT_CONTROL_1: { CHAR_FORMAT: 1 }, FORMAT_CONTROL_2: { TM_FORMAT: 2 }, FORMAT_CONTROL_3: { NI_FORMAT1: 8, NI_FORMAT2: 8 }, DIM_STD_TBLS_USED: 3, STD_TBLS_USED: [0, 20, 22] }],
      [20, { NBR_SUMMATIONS: 3 }],
    ]));
    expect(context.dimensionTables(22)).toEqual([0, 20]);
    expect(MeterContext.of(standardDefinitions, images).layout(22).size).toBe(3);
  });

  test("what table 0 lists", () => {
    const context = leastFirstMeter();
    expect([context.has(54), context.has(64), context.has(2048), context.has(4095)]).toEqual([true, false, false, false]);
    expect([context.writable(54), context.writable(23)]).toEqual([true, false]);
    expect([context.hasProcedure(10), context.hasProcedure(9)]).toEqual([true, false]);
  });

  test("meters of equal dimensions share their layouts, others do not", () => {
    expect(contextOf(leastFirst).layout(54)).toBe(contextOf(leastFirst).layout(54));
    expect(contextOf(leastFirst).layout(54)).not.toBe(contextOf(mostFirst).layout(54));
    const longer = leastFirst[51].slice();
    longer[5] = 3;
    expect(contextOf(leastFirst).with(51, longer).layout(54).size).toBe(26);
    expect(contextOf(leastFirst).layout(54).size).toBe(23);
  });

  test("images are copied: what happens to them later changes nothing", () => {
    const image = leastFirst[51].slice();
    const context = contextOf({ ...leastFirst, 51: image });
    image.fill(0xff);
    expect(context.layout(54).size).toBe(23);
  });
});

describe("bad images", () => {
  test.each([
    [new Uint8Array(0), "at least 19"],
    [leastFirst[0].slice(0, 15), "ends before"],
    [leastFirst[0].slice(0, 30), "has 30 octets; its dimensions in this meter give 35"],
  ])("a table 0 that is cut short says where", (image, message) => {
    expect(() => contextOf({ 0: image })).toThrow(expect.objectContaining({ code: "table-length", kind: "peer-data", message: expect.stringContaining(message) as string }) as Error);
  });

  test("a table that is too short or too long names both lengths", () => {
    for (const octets of [0, 22, 24]) {
      expect(() => leastFirstMeter().decode(54, new Uint8Array(octets))).toThrow(`Table 54 (CALENDAR_TBL) has ${octets} octets; its dimensions in this meter give 23.`);
    }
  });

  test("tables 7 and 8 may end within their data, not before", () => {
    expect(leastFirstMeter().decode(8, fromHex("0a 00 01 00")).tree()).toMatchObject({ SEQ_NBR: 1, RESULT_CODE: 0, RESP_DATA: "" });
    expect(leastFirstMeter().decode(8, fromHex("0a 00 01 00 ab")).get("RESP_DATA")).toBe("ab");
    expect(() => leastFirstMeter().decode(8, fromHex("0a 00 01"))).toThrow("Table 8 (PROC_RESPONSE_TBL) has 3 octets");
    expect(() => leastFirstMeter().decode(8, new Uint8Array(21))).toThrow("has 21 octets");
  });

  test("tables and procedures that nobody defined are named", () => {
    expect(() => leastFirstMeter().layout(999)).toThrow("Table 999 is not defined");
    expect(() => leastFirstMeter().layout(2050)).toThrow("Table MT 2 is not defined");
    expect(() => leastFirstMeter().encodeParameters(77, {})).toThrow("Procedure 77 is not defined");
  });
});

describe("trees", () => {
  test("what a tree leaves out is zero, and text is blank", () => {
    const meter = leastFirstMeter();
    expect(meter.encode(3, {})).toEqual(new Uint8Array(4));
    expect(meter.decode(1, meter.encode(1, {})).get("ED_MODEL")).toBe("");
    expect([...meter.encode(1, {}).subarray(0, 12)]).toEqual(Array(12).fill(0x20));
  });

  test.each<[string, FieldValue, string]>([
    ["a field that is not there", { NON_RECURR_DATE: [] }, "there is no field NON_RECURR_DATE in this meter; there are NON_RECURR_DATES"],
    ["too many elements", { TIER_SWITCHES: [{}, {}, {}] }, "TIER_SWITCHES, octet 9: expected at most 2 elements, found 3"],
    ["a number out of range", { TIER_SWITCHES: [{}, { TIER_SWITCH: { SWITCH_HOUR: 32 } }] }, "TIER_SWITCHES[1].TIER_SWITCH.SWITCH_HOUR, octet 12: expected a whole number from 0 to 31, found 32"],
    ["a date that is none", { NON_RECURR_DATES: [{ NON_RECURR_DATE: "2026-02-30" }] }, "NON_RECURR_DATES[0].NON_RECURR_DATE, octet 0: expected a date as 2026-11-21, years 1990 to 2089, found 2026-02-30"],
    ["a list for a record", [], "expected an object of fields, found a list of 0"],
    ["a name that objects inherit", JSON.parse('{"__proto__": 1}') as FieldValue, "there is no field __proto__"],
  ])("%s is refused with table, field and octet", (_, tree, message) => {
    expect(() => leastFirstMeter().encode(54, tree)).toThrow(expect.objectContaining({ name: "TablesError", kind: "input", message: expect.stringContaining(message) as string }) as Error);
  });

  test("the bits that no field names are kept as `unnamed`, and not taken where a field has them", () => {
    const meter = leastFirstMeter();
    const tree = meter.decode(3, fromHex("81000000")).get("ED_MODE");
    expect(tree).toMatchObject({ METERING_FLAG: true, unnamed: 0x80 });
    expect(toHex(meter.encode(3, { ED_MODE: tree }))).toBe("81000000");
    for (const unnamed of [0x81, 256, -1, 0.5, "80"]) {
      expect(() => meter.encode(3, { ED_MODE: { unnamed } })).toThrow("Table 3 (ED_MODE_STATUS_TBL), ED_MODE.unnamed, octet 0: expected bits of 240");
    }
    expect(() => meter.encode(53, { unnamed: 0 })).toThrow("there is no field unnamed");
  });

  test("text is given without its pad, which its value keeps", () => {
    const identification = leastFirstMeter().decode(5, fromHex(`5241544520${"00".repeat(15)}`));
    expect(identification.get("IDENTIFICATION")).toBe(`RATE ${"\0".repeat(15)}`);
    expect(identification.text("IDENTIFICATION")).toBe("RATE");
  });

  test("a table that may end early is as long as the tree says", () => {
    const meter = leastFirstMeter();
    for (const hex of ["0a000100", "0a000100ab", `0a000100${"cd".repeat(16)}`]) expect(toHex(meter.encode(8, meter.decode(8, fromHex(hex)).tree()))).toBe(hex);
    expect(() => meter.encode(8, { RESP_DATA: "ab".repeat(17) })).toThrow("expected 32 hexadecimal digits");
  });

  test.each<[string, unknown]>([
    ["objects without a text", { FORMAT_CONTROL_1: { CHAR_FORMAT: { toString: null, valueOf: null } } }],
    ["a dimension that is none", { FORMAT_CONTROL_1: { CHAR_FORMAT: 1 }, DIM_STD_TBLS_USED: { toString: null } }],
    ["a function", { FORMAT_CONTROL_1: { CHAR_FORMAT: 1 }, DIM_STD_TBLS_USED: Object.assign((): number => 1, { toString: null }) }],
    ["a symbol", { FORMAT_CONTROL_1: { CHAR_FORMAT: 1 }, NBR_PENDING: Symbol("2") }],
    ["null", null],
    ["nulls inside", { FORMAT_CONTROL_1: null }],
  ])("a factory's table 0 with %s is refused by an error of this package", (_, general) => {
    expect(() => MeterContext.fromValues(standardDefinitions, new Map([[0, general as FieldValue]]))).toThrow(TablesError);
  });

  test("flags take true and false, 0 and 1", () => {
    const meter = leastFirstMeter();
    expect(meter.encode(16, { SOURCES_LINK: [{ UOM_ENTRY_FLAG: 1 }] })).toEqual(meter.encode(16, { SOURCES_LINK: [{ UOM_ENTRY_FLAG: true }] }));
  });

  test("a whole factory in one go: each table under the dimensions of those before it", () => {
    const general = leastFirstMeter().decode(0, leastFirst[0]).tree();
    const { context, images } = MeterContext.fromValues(standardDefinitions, new Map<number, FieldValue>([
      [54, { NON_RECURR_DATES: [{ NON_RECURR_DATE: "2026-11-26" }] }],
      [51, { NBR_NON_RECURR_DATES: 1 }],
      [0, general],
    ]));
    expect(images.get(0)).toEqual(leastFirst[0]);
    expect(images.get(54)).toEqual(fromHex("9ad5 00"));
    expect(context.layout(54).size).toBe(3);
  });
});
