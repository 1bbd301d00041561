import { describe, expect, test } from "vitest";
import { standardDefinitions } from "../definitions/standard.generated.ts";
import { contextOf, leastFirst } from "../testing/hand-made-meters.ts";
import { MeterContext } from "../context.ts";
import { extendDefinitions } from "../fragments/apply.ts";
import { readDefinitions } from "./definitions.ts";
import type { TablesError } from "../tables-error.ts";

const nothing = { format: "metersmith-tdl-1", types: [], enumerations: [], tables: [], procedures: [] };
const field = (name: string, type: string, more: object = {}): object => ({ kind: "field", name, type, ...more });
const record = (name: string, ...members: object[]): object => ({ kind: "record", name, members });

function refusal(json: unknown): string {
  try {
    readDefinitions(json);
  } catch (error) {
    expect(error).toMatchObject({ name: "TablesError", code: "bad-definition", kind: "input" });
    return (error as TablesError).message;
  }
  return expect.fail("was taken");
}

test.each([
  ["no document", 5, "document: expected an object, found 5"],
  ["another format", { ...nothing, format: "x" }, "document.format"],
  ["an unknown key", { ...nothing, extra: 1 }, "document.extra"],
  ["a lowercase name", { ...nothing, types: [record("a")] }, "types[0].name: expected a name of capitals"],
  ["a name that objects inherit", { ...nothing, types: [record("__proto__")] }, "types[0].name"],
  ["an unknown type", { ...nothing, types: [record("A", field("F", "B"))] }, "A.F has the type B, which is not defined"],
  ["CHAR without a length", { ...nothing, types: [record("A", field("F", "CHAR"))] }, "A.F needs a length"],
  ["a length that is not taken", { ...nothing, types: [record("A", field("F", "UINT8", { length: "4" }))] }, "A.F has a length"],
  ["a type twice", { ...nothing, types: [record("A"), record("A")] }, "A is defined twice"],
  ["a built-in type", { ...nothing, types: [record("UINT8")] }, "UINT8 has the name of a built-in type"],
  ["a type in itself", { ...nothing, types: [record("A", field("F", "B")), record("B", field("F", "A"))] }, "contains itself: A → B → A"],
  ["a dimension in an unknown table", { ...nothing, types: [record("A", field("F", "UINT8", { count: "X_TBL.N" }))] }, "reads table X_TBL, which is not defined"],
  ["a table of an unknown type", { ...nothing, tables: [{ number: 1, name: "T", type: "A" }] }, "there is no record type A"],
  ["a bit beyond its integer", { ...nothing, types: [{ kind: "bits", name: "A", base: "UINT8", members: [{ kind: "bit-range", name: "B", first: 4, last: 8, type: "UINT" }] }] }, "A[0].last"],
  ["a default that belongs further down", { ...nothing, types: [record("A", field("F", "UINT8")), record("B", field("G", "A", { default: "1" }))] }, "B.G has a default, which belongs to the members of A"],
  ["a least of what is no number", { ...nothing, types: [record("A", field("F", "DATE", { least: 1 }))] }, "DATE is no number"],
  ["bounds between which nothing is", { ...nothing, types: [record("A", field("F", "UINT8", { least: 2, most: 1 }))] }, "A.F allows nothing: 2 to 1"],
  ["an access that there is not", { ...nothing, types: [record("A", field("F", "UINT8", { access: "all" }))] }, "A[0].access: expected read or write or read-write"],
  ["a length that an element carries itself", { ...nothing, types: [record("A", field("N", "UINT8"), field("F", "BINARY", { length: "N" }))] }, 'cannot be read from "N" on; fields are written TABLE.FIELD'],
  ["a table that takes a dimension from itself", { ...nothing, types: [record("A", field("N", "UINT8"), field("F", "UINT8", { count: "T.N" }))], tables: [{ number: 1, name: "T", type: "A" }] }, "T takes a dimension or condition from itself: T → T. Dimensions come from tables that are read before"],
  ["table 0 that waits for another", { ...nothing, types: [record("A", field("F", "UINT8", { count: "T.N" })), record("B", field("N", "UINT8"))], tables: [{ number: 0, name: "G", type: "A" }, { number: 1, name: "T", type: "B" }] }, "G takes a dimension or condition from T, and is read before all others"],
  ["a value with two names", { ...nothing, enumerations: [{ name: "E", values: [{ value: 1, name: "a" }, { value: 1, name: "b" }] }] }, "enumerations[0].values: expected each value once, found 1 twice"],
  ["an unknown enumeration", { ...nothing, types: [record("A", field("F", "UINT8", { enumeration: "E" }))] }, "names the enumeration E"],
])("%s is refused with its place", (_, json, message) => {
  expect(refusal(json)).toContain(message);
});

test("types nested very deep are refused without running out of stack", () => {
  const types = Array.from({ length: 5_000 }, (_, i) => record(`T${i}`, ...(i < 4_999 ? [field("F", `T${i + 1}`)] : [])));
  expect(refusal({ ...nothing, types })).toContain("nested deeper");
});

const ownTable = {
  ...nothing,
  types: [record("SWITCH_STATE_RCD", field("STATE", "UINT8"), field("COUNT", "UINT16"), field("RATIOS", "NI_FMAT1", { count: "ACT_REGS_TBL.NBR_TIERS" }))],
  tables: [{ number: 2048 + 3, name: "SWITCH_STATE_TBL", type: "SWITCH_STATE_RCD" }],
};

test("[TDL-1] a device type adds manufacturer tables that use the meter's dimensions and formats", () => {
  const context = MeterContext.of(extendDefinitions(standardDefinitions, ownTable), new Map([[0, leastFirst[0]], [21, leastFirst[21]]]));
  expect(context.layout(2051).size).toBe(1 + 2 + 4);
  expect(context.dimensionTables(2051)).toEqual([0, 21]);
  expect(context.decode(2051, Uint8Array.of(1, 2, 1, 5, 0, 0, 0)).tree()).toEqual({ STATE: 1, COUNT: 258, RATIOS: [5] });
});

test("a device type cannot replace what the standard names", () => {
  expect(() => extendDefinitions(standardDefinitions, { ...ownTable, tables: [{ number: 54, name: "MY_CALENDAR_TBL", type: "SWITCH_STATE_RCD" }] })).toThrow(
    "Fragment addition and the base both have tables/MY_CALENDAR_TBL: it has the number of tables/CALENDAR_TBL.",
  );
});

test("equal definitions have equal digests, other definitions others", () => {
  const again = readDefinitions(JSON.parse(JSON.stringify(standardDefinitions.document)));
  expect(again.digest).toBe(standardDefinitions.digest);
  expect(extendDefinitions(standardDefinitions, ownTable).digest).not.toBe(standardDefinitions.digest);
});

describe("tables that take dimensions from each other", () => {
  const chain = (length: number, more: object = {}): object => {
    const types = Array.from({ length }, (_, i) => record(`T${i}`, field("F", "UINT8", i + 1 < length ? { count: `X${i + 1}_TBL.N` } : {}), field("N", "UINT8")));
    return { ...nothing, types, tables: types.map((_, i) => ({ number: 2048 + i, name: `X${i}_TBL`, type: `T${i}`, ...more })) };
  };

  test("in a circle are refused, whether or not a meter has them", () => {
    const types = [record("A", field("N", "UINT8", { count: "B_TBL.N" })), record("B", field("N", "UINT8", { count: "A_TBL.N" }))];
    const tables = [{ number: 2048, name: "A_TBL", type: "A" }, { number: 2049, name: "B_TBL", type: "B" }];
    expect(refusal({ ...nothing, types, tables })).toContain("A_TBL takes a dimension or condition from itself: A_TBL → B_TBL → A_TBL.");
  });

  test("through the table that stands in for another, too", () => {
    const types = [record("A", field("F", "UINT8", { count: "ACT_TBL.N" })), record("N", field("N", "UINT8"))];
    const tables = [{ number: 2048, name: "LIM_TBL", type: "A" }, { number: 2049, name: "ACT_TBL", type: "N", otherwise: "LIM_TBL" }];
    expect(refusal({ ...nothing, types, tables })).toContain("LIM_TBL → LIM_TBL");
  });

  test("in a chain have a layout, and in a very long one are refused without running out of stack", () => {
    const images = Array.from({ length: 12 }, (_, i): [number, Uint8Array] => [2048 + i, Uint8Array.of(1, 1)]);
    const context = MeterContext.of(extendDefinitions(standardDefinitions, chain(12)), new Map([[0, leastFirst[0]], ...images]));
    expect(context.layout(2048).size).toBe(2);
    expect(context.dimensionTables(2048)).toEqual([0, ...Array.from({ length: 11 }, (_, i) => 2048 + 11 - i)]);
    expect(refusal(chain(1_900))).toContain("chain of more than 16 tables");
    const backwards = chain(1_900) as { tables: object[] };
    expect(refusal({ ...backwards, tables: backwards.tables.toReversed() })).toContain("more than 16 tables");
  });
});

test("numbers have names where an enumeration gives them", () => {
  const leaf = contextOf(leastFirst).layout(54).find("RECURR_DATES[0].CALENDAR_ACTION.CALENDAR_CTRL");
  expect(standardDefinitions.label(leaf?.enumeration ?? "", 31)).toBe("end of list");
});
