import { toHex } from "@metersmith/base/bytes";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MeterContext } from "../context.ts";
import { standardDefinitions } from "../definitions/standard.generated.ts";
import type { DecodedTable } from "../decoded-table.ts";
import { leastFirstMeter, mostFirstMeter } from "../testing/hand-made-meters.ts";
import { TablesError } from "../tables-error.ts";
import { readDefinitions } from "../tdl/definitions.ts";

const tables = [...standardDefinitions.tables.keys()];
const dimensions = [11, 21, 31, 41, 51, 61, 62, 71];

/** Any formats that table 0 can name, all tables used, and dimension tables of arbitrary small octets. */
const choices = fc.record({
  order: fc.integer({ min: 0, max: 1 }), characters: fc.integer({ min: 1, max: 5 }), time: fc.integer({ min: 0, max: 4 }), idForm: fc.integer({ min: 0, max: 1 }),
  integers: fc.integer({ min: 0, max: 2 }), ni1: fc.integer({ min: 0, max: 13 }), ni2: fc.integer({ min: 0, max: 13 }), edition: fc.integer({ min: 1, max: 2 }),
  octets: fc.uint8Array({ minLength: 64, maxLength: 64, max: 7 }), seed: fc.nat(),
});
type Choice = typeof choices extends fc.Arbitrary<infer One> ? One : never;

function meterOf(choice: Choice): MeterContext {
  const general = {
    FORMAT_CONTROL_1: { DATA_ORDER: choice.order, CHAR_FORMAT: choice.characters },
    FORMAT_CONTROL_2: { TM_FORMAT: choice.time, ID_FORM: choice.idForm, INT_FORMAT: choice.integers },
    FORMAT_CONTROL_3: { NI_FORMAT1: choice.ni1, NI_FORMAT2: choice.ni2 },
    NAMEPLATE_TYPE: 2, STD_VERSION_NO: choice.edition, DIM_STD_TBLS_USED: 10, NBR_PENDING: 2, MAX_PROC_PARM_LENGTH: 9, MAX_RESP_DATA_LEN: 7, STD_TBLS_USED: tables,
  };
  let { context } = MeterContext.fromValues(standardDefinitions, new Map([[0, general]]));
  for (const table of dimensions) {
    const image = new Uint8Array(context.layout(table).size);
    for (let i = 0; i < image.length; i++) image[i] = choice.octets[(table + i) % choice.octets.length]!;
    context = context.with(table, image);
  }
  return context;
}

/** Every table of the standard in the meter, filled from a seed; tables with dimensions that give no layout are left out. */
function* filled(choice: Choice): Generator<[context: MeterContext, decoded: DecodedTable]> {
  const context = meterOf(choice);
  let state = choice.seed;
  const octet = (): number => ((state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 16) & 0xff;
  for (const table of tables) {
    let size: number;
    try {
      ({ size } = context.layout(table));
    } catch (error) {
      if (error instanceof TablesError) continue;
      throw error;
    }
    if (table !== 0 && size < 2_000) yield [context, context.decode(table, Uint8Array.from({ length: size }, octet))];
  }
}

test("[TDL-1] in any meter, any octets of the right length decode, and encode to the very same octets", () => {
  fc.assert(
    fc.property(choices, (choice) => {
      for (const [context, decoded] of filled(choice)) {
        expect(toHex(context.encode(decoded.table, decoded.tree())), `table ${decoded.table}`).toBe(toHex(decoded.bytes));
      }
    }),
    { numRuns: 30 },
  );
});

test("the flat vector is what each leaf's own codec says, and goes back onto the octets it came from", () => {
  fc.assert(
    fc.property(choices, (choice) => {
      for (const [, decoded] of filled(choice)) {
        const vector = decoded.numbers();
        decoded.layout.leaves.forEach((leaf, index) => {
          const number = leaf.codec.number(decoded.bytes, leaf.offset);
          if (vector[index] !== number && !(Number.isNaN(vector[index]) && Number.isNaN(number))) expect.fail(`${leaf.path}: ${vector[index]}, its codec ${number}`);
        });
        expect(toHex(decoded.withNumbers(vector).bytes), `table ${decoded.table}`).toBe(toHex(decoded.bytes));
      }
    }),
    { numRuns: 30 },
  );
});

test("a vector with a number that a leaf cannot hold names the leaf", () => {
  const decoded = leastFirstMeter().decode(3, new Uint8Array(4));
  const vector = decoded.numbers();
  vector[1] = 2;
  expect(() => decoded.withNumbers(vector)).toThrow("Table 3 (ED_MODE_STATUS_TBL), ED_MODE.TEST_MODE_FLAG, octet 0: expected true or false, found 2.");
});

test("a vector with a number beyond the meter's floating point form is refused, not written as infinity", () => {
  const meter = mostFirstMeter();
  const decoded = meter.decode(23, new Uint8Array(meter.layout(23).size));
  const demand = decoded.layout.find("TOT_DATA_BLOCK.DEMANDS[0].DEMAND[0]")!;
  const vector = decoded.numbers();
  vector[demand.index] = 1e300;
  expect(() => decoded.withNumbers(vector)).toThrow("TOT_DATA_BLOCK.DEMANDS[0].DEMAND[0], octet 23: expected a finite number");
});

test("[TDL-1] arbitrary octets as tables 0 and 51 end in a layout or in an error of this package", () => {
  const octets = (most: number) => fc.uint8Array({ maxLength: most });
  fc.assert(
    fc.property(octets(120), octets(12), octets(60), (general, time, calendar) => {
      try {
        const context = MeterContext.of(standardDefinitions, new Map([[0, general], [51, time]]));
        context.decode(54, calendar).tree();
      } catch (error) {
        if (!(error instanceof TablesError)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});

test("[TDL-1] arbitrary JSON as definitions ends in definitions or in an error of this package", () => {
  const name = fc.constantFrom("A", "B_RCD", "GEN_CONFIG_TBL", "UINT8", "CHAR", "x", "__proto__");
  const member = fc.record({ kind: fc.constantFrom("field", "if", "bit-range", "nothing"), name, type: name, length: fc.constantFrom("1", "A.B", "(") }, { requiredKeys: ["kind"] });
  const type = fc.record({ kind: fc.constantFrom("record", "bits"), name, base: fc.constantFrom("UINT8", "UINT64"), members: fc.array(member, { maxLength: 4 }) }, { requiredKeys: ["kind", "name"] });
  const document = fc.record({
    format: fc.constant("metersmith-tdl-1"), types: fc.array(type, { maxLength: 4 }), enumerations: fc.constant([]), procedures: fc.constant([]),
    tables: fc.array(fc.record({ number: fc.nat(5000), name, type: name }), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.oneof(document, fc.jsonValue()), (json) => {
      try {
        readDefinitions(json);
      } catch (error) {
        if (!(error instanceof TablesError)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});
