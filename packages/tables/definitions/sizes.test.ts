import { expect, test } from "vitest";
import { standardDefinitions } from "./standard.generated.ts";
import { MeterContext } from "../context.ts";
import type { FieldValue } from "../field-value.ts";

/** Octets of whole tables as public readers and headers give them, for meters with the dimensions on the right. */
const everything = Array.from({ length: 80 }, (_, table) => table);

function general(changes: { [field: string]: FieldValue } = {}): FieldValue {
  return {
    FORMAT_CONTROL_1: { DATA_ORDER: 0, CHAR_FORMAT: 1 }, FORMAT_CONTROL_2: { TM_FORMAT: 2 }, FORMAT_CONTROL_3: { NI_FORMAT1: 8, NI_FORMAT2: 8 },
    NAMEPLATE_TYPE: 2, STD_VERSION_NO: 1, DIM_STD_TBLS_USED: 10, STD_TBLS_USED: everything, ...changes,
  };
}

function sizeOf(table: number, values: Readonly<Record<number, FieldValue>> = {}): number {
  const all = new Map<number, FieldValue>([[0, general()]]);
  for (const [number, value] of Object.entries(values)) all.set(Number(number), value);
  return MeterContext.fromValues(standardDefinitions, all).context.layout(table).size;
}

test.each([
  [1, 32], [2, 33], [5, 20], [10, 8], [11, 8], [20, 10], [21, 10], [30, 10], [31, 10], [40, 6], [41, 6], [50, 9], [51, 9], [52, 7], [70, 9], [71, 9],
])("[TDL-1] table %i has %i octets", (table, octets) => {
  expect(sizeOf(table)).toBe(octets);
});

test("[TDL-1] identification in BCD is half as long", () => {
  const bcd = { 0: general({ FORMAT_CONTROL_2: { TM_FORMAT: 2, ID_FORM: 1 } }) };
  expect(sizeOf(1, bcd)).toBe(24);
  expect(sizeOf(5, bcd)).toBe(10);
});

test("[TDL-1] table 0 has 19 octets and its sets", () => {
  expect(sizeOf(0)).toBe(19 + 2 * 10);
});

test("[TDL-1] the second edition's table 71 has three octets more", () => {
  expect(sizeOf(71, { 0: general({ STD_VERSION_NO: 2 }) })).toBe(12);
});

test("[TDL-1] load profile: 13 octets of status a set, and blocks of an end time and intervals", () => {
  const sets = { NBR_BLKS_SET1: 20, NBR_BLK_INTS_SET1: 96, NBR_CHNS_SET1: 4, MAX_INT_TIME_SET1: 15 };
  const profile = { 61: { LP_FLAGS: { SIMPLE_INT_STATUS_FLAG: true, EXTENDED_INT_STATUS_FLAG: true, BLK_END_READ_FLAG: true }, ...sets }, 62: { INT_FMT_CDE1: 2 } };
  expect(sizeOf(63)).toBe(4 * 13);
  // A block: 5 octets of time, 4 readings of 4, 12 of status bits, 96 intervals of 3 octets of status and 4 values of 2.
  expect(sizeOf(64, profile)).toBe(20 * (5 + 4 * 4 + 12 + 96 * (3 + 4 * 2)));
});

test("[TDL-1] table 76: a header of 11 octets and its entries", () => {
  const log = { 71: { LOG_FLAGS: { EVENT_NUMBER_FLAG: true }, NBR_EVENT_ENTRIES: 100, EVENT_DATA_LENGTH: 8 } };
  expect(sizeOf(76, log)).toBe(11 + 100 * (6 + 2 + 2 + 2 + 2 + 8));
});

test("what is known by name only says so, and is nowhere described as well", () => {
  const context = MeterContext.fromValues(standardDefinitions, new Map([[0, general()]])).context;
  expect(() => context.layout(32)).toThrow("Table 32 is known by its name only (DISP_SOURCE_TBL): no open source gives its layout.");
  expect(() => context.layout(85)).toThrow("(USER_DEFINED_TBLS)");
  expect(() => context.layout(99)).toThrow("Table 99 is not defined for this device type.");
  expect(() => context.encodeParameters(21, {})).toThrow("Procedure 21 is known by its name only (DIRECT_LOAD_CONTROL): no open source gives its parameters.");
  for (const { kind, number, last = number } of standardDefinitions.document.undescribed ?? []) {
    const described = kind === "table" ? standardDefinitions.tables : standardDefinitions.procedures;
    for (let n = number; n <= last; n++) expect(described.has(n), `${kind} ${n}`).toBe(false);
  }
});

test("every table, type and procedure says where it comes from, or that it is unverified", () => {
  const { tables, types, procedures, enumerations, undescribed = [] } = standardDefinitions.document;
  for (const element of [...tables, ...types, ...procedures, ...enumerations, ...undescribed]) {
    expect(element.source ?? element.unverified, element.name).toBeDefined();
  }
});
