import fc from "fast-check";
import { expect, test } from "vitest";
import { MeterContext } from "../context.ts";
import { TablesError } from "../tables-error.ts";
import { leastFirst } from "../testing/hand-made-meters.ts";
import { standardDefinitions } from "../definitions/standard.generated.ts";
import { extendDefinitions } from "../fragments/apply.ts";
import { readDefinitions } from "./definitions.ts";

const plainTypes = fc.constantFrom("A", "B", "C", "UINT8", "UINT64", "NI_FMAT1", "LTIME_DATE", "DATE");
const sizedTypes = fc.constantFrom("CHAR", "SET", "BINARY");
const expressions = fc.constantFrom("0", "1", "3", "255", "4000000000", "1 / 0", "1 - 2", "GEN_CONFIG_TBL.NBR_PENDING", "GEN_CONFIG_TBL.COLOUR", "X_TBL.F", "Y_TBL.G", "has(GEN_CONFIG_TBL.STD_TBLS_USED, 51)");
const memberNames = fc.constantFrom("F", "G", "H");
const texts = fc.constantFrom("1", "-1", "300", "true", "1 2", "2026-11-21", "x", "1e400");
const meaning = { default: texts, least: fc.integer(), most: fc.integer(), access: fc.constantFrom("read", "write") };
const plain = { kind: fc.constant("field"), name: memberNames, type: plainTypes };
const field = fc.oneof(
  { weight: 4, arbitrary: fc.record({ ...plain, count: expressions }, { requiredKeys: ["kind", "name", "type"] }) },
  { weight: 4, arbitrary: fc.record({ ...plain, type: sizedTypes, length: expressions }) },
  { weight: 1, arbitrary: fc.record({ ...plain, count: expressions, length: expressions, ...meaning }, { requiredKeys: ["kind", "name", "type"] }) },
  { weight: 1, arbitrary: fc.record({ ...plain, type: fc.constantFrom("UINT8", "DATE"), default: texts }) },
);
const branch = fc.record({ kind: fc.constant("if"), test: expressions, then: fc.array(field, { maxLength: 2 }), else: fc.array(field, { maxLength: 2 }) }, { requiredKeys: ["kind", "test", "then"] });
const bits = fc.record({ kind: fc.constant("bit-range"), name: memberNames, first: fc.nat(9), last: fc.nat(9), type: fc.constantFrom("BOOL", "UINT"), default: texts }, { requiredKeys: ["kind", "name", "first", "last", "type"] });
const type = (name: string): fc.Arbitrary<object> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("record"), name: fc.constant(name), members: fc.array(fc.oneof(field, branch), { maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("bits"), name: fc.constant(name), base: fc.constantFrom("UINT8", "UINT16"), members: fc.array(bits, { maxLength: 3 }) }) },
  );
const documents = fc.record({
  format: fc.constant("metersmith-tdl-1"),
  types: fc.tuple(type("A"), type("B"), type("C")),
  enumerations: fc.constant([]),
  tables: fc.constant([{ number: 2048, name: "X_TBL", type: "A" }, { number: 2049, name: "Y_TBL", type: "B", otherwise: "X_TBL" }]),
  procedures: fc.constant([]),
});

test("arbitrary definitions give tables of bounded size that take any octets, or this package's error", () => {
  let laidOut = 0;
  fc.assert(
    fc.property(documents, fc.uint8Array({ maxLength: 8 }), (document, octets) => {
      try {
        const images = new Map([[0, leastFirst[0]], [2048, octets], [2049, octets]]);
        const context = MeterContext.of(extendDefinitions(standardDefinitions, document), images);
        const layout = context.layout(2048);
        expect(layout.size).toBeLessThanOrEqual(1_048_560);
        expect(layout.leafCount).toBeLessThanOrEqual(1_000_000);
        laidOut++;
        if (layout.size > 4_000) return;
        context.decode(2048, context.encode(2048, {})).tree();
      } catch (error) {
        if (!(error instanceof TablesError)) throw error;
      }
    }),
    { numRuns: 300 },
  );
  expect(laidOut).toBeGreaterThan(3);
});

test("any JSON in the place of definitions is refused by this package's error, or read", () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.record({ format: fc.constant("metersmith-tdl-1"), types: fc.jsonValue({ maxDepth: 4 }), enumerations: fc.jsonValue(), tables: fc.jsonValue(), procedures: fc.jsonValue() })), (json) => {
      try {
        readDefinitions(json);
      } catch (error) {
        if (!(error instanceof TablesError)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});
