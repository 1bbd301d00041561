import { fromHex, toHex } from "@metersmith/base/bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MeterContext } from "../context.ts";
import { standardDefinitions } from "../definitions/standard.generated.ts";
import type { FieldValue } from "../field-value.ts";
import { TablesError } from "../tables-error.ts";
import { arbitraryMeter, octetsFrom } from "../testing/arbitrary-meters.ts";
import { leastFirstMeter, mostFirstMeter } from "../testing/hand-made-meters.ts";
import { valueDifferences } from "./difference.ts";
import { jsonOf, valueFromJson } from "./json.ts";
import { textDump } from "./text-dump.ts";

/** A meter with NI_FORMAT1 INT64 and NI_FORMAT2 FLOAT64, two present demands and one present value. */
const wideMeter = (): MeterContext => MeterContext.fromValues(standardDefinitions, new Map<number, FieldValue>([
  [0, { FORMAT_CONTROL_1: { CHAR_FORMAT: 1 }, FORMAT_CONTROL_2: { TM_FORMAT: 2 }, FORMAT_CONTROL_3: { NI_FORMAT1: 11, NI_FORMAT2: 0 }, DIM_STD_TBLS_USED: 4, STD_TBLS_USED: [21, 28] }],
  [21, { NBR_PRESENT_DEMANDS: 2, NBR_PRESENT_VALUES: 1 }],
])).context;

describe("canonical JSON", () => {
  test("numbers that a double does not hold are digits, and negative zero is kept", () => {
    // 2^53 + 1 = 0x20000000000001; −0.0 has the sign bit only; 1.5 is 0x3FF8000000000000.
    const table = wideMeter().decode(28, fromHex("0000000000000080 000000000000f83f 0100000000002000"));
    const json = jsonOf(table);
    expect(json).toEqual({ PRESENT_DEMAND: [{ DEMAND_VALUE: "-0" }, { DEMAND_VALUE: 1.5 }], PRESENT_VALUE: ["9007199254740993"] });
    const again = wideMeter().encode(28, valueFromJson(table.layout, JSON.parse(JSON.stringify(json))));
    expect(toHex(again)).toBe(toHex(table.bytes));
  });

  test("any table of any meter comes back from JSON text as the octets it was", () => {
    fc.assert(
      fc.property(arbitraryMeter, fc.nat(), ({ context, sizes }, seed) => {
        const next = octetsFrom(seed);
        for (const [table, size] of sizes) {
          if (table === 0) continue;
          const decoded = context.decode(table, Uint8Array.from({ length: size }, next));
          const value = valueFromJson(decoded.layout, JSON.parse(JSON.stringify(jsonOf(decoded))));
          expect(toHex(context.encode(table, value)), `table ${table}`).toBe(toHex(decoded.bytes));
        }
      }),
      { numRuns: 15 },
    );
  });

  test.each([
    [{ TIME_ZONE_OFFSET: null }, "TIME_ZONE_OFFSET, octet 4: expected a whole number from -32768 to 32767"],
    [{ DST_TIME_EFF: [] }, "DST_TIME_EFF, octet 0: expected a time as 07:05:09"],
    [{ NO_FIELD: 1 }, "the table, octet 0: expected one of DST_TIME_EFF, DST_TIME_AMT, TIME_ZONE_OFFSET, found NO_FIELD."],
    [[], "expected an object of fields"],
    [null, "expected an object of fields"],
  ])("%j is refused with the place", (json, message) => {
    expect(() => valueFromJson(leastFirstMeter().layout(53), json)).toThrow(expect.objectContaining({ code: "bad-value", message: expect.stringContaining(message) as unknown }) as TablesError);
  });

  test("integers beyond 2^53 are taken as digits only: as a JSON number they were rounded before we saw them", () => {
    const layout = wideMeter().layout(28);
    const from = (text: string): FieldValue => valueFromJson(layout, JSON.parse(`{"PRESENT_VALUE":[${text}]}`));
    for (const text of ["9007199254740993", "-9007199254740992", "1e300"]) expect(() => from(text)).toThrow("PRESENT_VALUE[0], octet 16: expected a whole number from");
    expect(() => from("9007199254740993")).toThrow("beyond 2^53 as a string of digits, found 9007199254740992");
    expect(from('"9007199254740993"')).toEqual({ PRESENT_VALUE: [9_007_199_254_740_993n] });
    expect(from("9007199254740991")).toEqual({ PRESENT_VALUE: [9_007_199_254_740_991] });
  });

  test("arbitrary JSON is a value tree, or an error of this package", () => {
    const meter = leastFirstMeter();
    fc.assert(
      fc.property(fc.constantFrom(6, 12, 23, 54), fc.jsonValue(), (table, json) => {
        try {
          meter.encode(table, valueFromJson(meter.layout(table), json));
        } catch (error) {
          if (!(error instanceof TablesError)) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("readable dump", () => {
  test("a line a field: octet and bits, path, value, unit, label", () => {
    const meter = leastFirstMeter();
    expect(textDump(standardDefinitions, meter.decode(53, fromHex("02 00 00 3c 5c fe")))).toEqual([
      "53 TIME_OFFSET_TBL, 6 octets",
      "  0  DST_TIME_EFF      02:00:00",
      "  3  DST_TIME_AMT      60 min",
      "  4  TIME_ZONE_OFFSET  -420 min",
    ]);
    expect(textDump(standardDefinitions, meter.decode(52, fromHex("1a 0b 15 07 05 09 ce")))).toEqual([
      "52 CLOCK_TBL, 7 octets",
      "      0  CLOCK_CALENDAR                     2026-11-21T07:05:09",
      "  6.0-2  TIME_DATE_QUAL.DAY_OF_WEEK         6 (Saturday)",
      "    6.3  TIME_DATE_QUAL.DST_FLAG            yes",
      "    6.4  TIME_DATE_QUAL.GMT_FLAG            no",
      "    6.5  TIME_DATE_QUAL.TM_ZN_APPLIED_FLAG  no",
      "    6.6  TIME_DATE_QUAL.DST_APPLIED_FLAG    yes",
      "    6.7  TIME_DATE_QUAL.DST_SUPPORTED_FLAG  yes",
    ]);
  });
});

describe("structural difference", () => {
  const offsets = { DST_TIME_EFF: "02:00:00", DST_TIME_AMT: 60, TIME_ZONE_OFFSET: -420 };

  test("names the fields, with the values before and after", () => {
    const meter = leastFirstMeter();
    const of = (value: FieldValue) => meter.decode(53, meter.encode(53, value));
    expect(valueDifferences(of(offsets), of(offsets))).toEqual([]);
    expect(valueDifferences(of(offsets), of({ ...offsets, DST_TIME_AMT: 0 }))).toEqual([{ path: "DST_TIME_AMT", before: 60, after: 0 }]);
  });

  test("values are compared, not octets: meters of other data order and time form may be equal", () => {
    const [least, most] = [leastFirstMeter(), mostFirstMeter()];
    expect(valueDifferences(least.decode(53, least.encode(53, offsets)), most.decode(53, most.encode(53, offsets)))).toEqual([]);
  });

  test("fields and elements that only one of the two has are told as such", () => {
    const [least, most] = [leastFirstMeter(), mostFirstMeter()];
    const larger = most.with(51, fromHex("00 15 12 01 01 00 03 00 17"));
    const before = least.decode(54, least.encode(54, { TIER_SWITCHES: [{ DAY_SCH_NUM: 1 }] }));
    const after = larger.decode(54, larger.encode(54, { TIER_SWITCHES: [{ DAY_SCH_NUM: 1 }, {}, { DAY_SCH_NUM: 9 }] }));
    const found = valueDifferences(before, after);
    expect(found.map(({ path }) => path)).toEqual([
      "NON_RECURR_DATES[1]",
      ...[0, 1].flatMap((at) => [`TIER_SWITCHES[${at}].TIER_SWITCH.SUMMATION_SWITCH_FLAG`, `TIER_SWITCHES[${at}].TIER_SWITCH.DEMANDS_SWITCH_FLAG`]),
      "TIER_SWITCHES[2]",
    ]);
    expect(found[0]).toEqual({ path: "NON_RECURR_DATES[1]", before: { NON_RECURR_DATE: "", CALENDAR_ACTION: { CALENDAR_CTRL: 0, DEMAND_RESET_FLAG: false, SELF_READ_FLAG: false } } });
    expect(found[1]).toEqual({ path: "TIER_SWITCHES[0].TIER_SWITCH.SUMMATION_SWITCH_FLAG", after: false });
  });

  test("bits that no field names are a difference of their bit field", () => {
    const meter = leastFirstMeter();
    // Octet 2 of table 3 is reserved; bit 7 of ED_MODE has no name.
    expect(valueDifferences(meter.decode(3, fromHex("01000000")), meter.decode(3, fromHex("81000000")))).toEqual([{ path: "ED_MODE.unnamed", after: 128 }]);
    expect(valueDifferences(meter.decode(3, fromHex("81000000")), meter.decode(3, fromHex("c1000000")))).toEqual([{ path: "ED_MODE.unnamed", before: 128, after: 192 }]);
  });

  test("tables of different numbers are not compared", () => {
    const meter = leastFirstMeter();
    expect(() => valueDifferences(meter.decode(13, fromHex("0f00")), meter.decode(16, fromHex("1103")))).toThrow("Table 13 (DEMAND_CONTROL_TBL) cannot be compared with table 16 (SOURCES_TBL).");
  });
});
