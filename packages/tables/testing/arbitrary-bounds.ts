import fc from "fast-check";
import { standardDefinitions } from "../definitions/standard.generated.ts";
import type { Definitions } from "../tdl/definitions.ts";
import { extendDefinitions } from "../fragments/apply.ts";

/** Manufacturer table 0, in which every field has a default or bounds. */
export const boundedTable = 2048;

const range = (min: number, max: number): fc.Arbitrary<{ least: number; most: number; default: string }> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }), fc.integer({ min, max })).map((drawn) => {
    const [least, middle, most] = drawn.toSorted((a, b) => a - b) as [number, number, number];
    return { least, most, default: String(middle) };
  });

/** The standard's definitions with one more table whose fields have drawn defaults and bounds. */
export const arbitraryDefinitions: fc.Arbitrary<Definitions> = fc.record({
  octet: range(0, 255), signed: range(-128, 127), wide: range(-30_000, 30_000), bits: range(0, 31), flag: fc.boolean(), item: range(-9, 99),
  text: fc.constantFrom("A", "AB"), octets: fc.constantFrom("0000", "0aff"), members: fc.uniqueArray(fc.integer({ min: 0, max: 15 }), { minLength: 1 }),
}).map((drawn) => extendDefinitions(standardDefinitions, {
  format: "metersmith-tdl-1", enumerations: [], procedures: [],
  types: [
    { kind: "bits", name: "BOUNDED_BFLD", base: "UINT16", members: [
      { kind: "bit-range", name: "FLAG", first: 0, last: 0, type: "BOOL", default: String(drawn.flag) },
      { kind: "bit-range", name: "PART", first: 3, last: 7, type: "UINT", ...drawn.bits },
    ] },
    { kind: "record", name: "BOUNDED_RCD", members: [
      { kind: "field", name: "OCTET", type: "UINT8", ...drawn.octet },
      { kind: "field", name: "SIGNED", type: "INT8", ...drawn.signed, count: "2" },
      { kind: "field", name: "WIDE", type: "INT40", ...drawn.wide },
      { kind: "field", name: "BITS", type: "BOUNDED_BFLD" },
      { kind: "field", name: "REAL", type: "FLOAT64", ...drawn.item },
      { kind: "field", name: "TEXT", type: "CHAR", length: "11", default: drawn.text },
      { kind: "field", name: "OCTETS", type: "BINARY", length: "2", default: drawn.octets },
      { kind: "field", name: "MEMBERS", type: "SET", length: "2", default: drawn.members.join(" ") },
    ] },
  ],
  tables: [{ number: boundedTable, name: "BOUNDED_TBL", type: "BOUNDED_RCD" }],
}));
