import { toHex } from "@metersmith/base/bytes";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { MeterContext } from "../context.ts";
import { standardDefinitions } from "../definitions/standard.generated.ts";
import type { FieldValue } from "../field-value.ts";
import { TablesError } from "../tables-error.ts";
import type { Definitions } from "../tdl/definitions.ts";
import type { BitRange, Field } from "../tdl/model.ts";
import { boundedTable } from "../testing/arbitrary-bounds.ts";
import { arbitraryBoundedMeter, octetsFrom, type ArbitraryMeter } from "../testing/arbitrary-meters.ts";
import { Interpreter, NotInterpreted } from "./interpreter.ts";

const seeds = fc.nat();

/** Octets of which some are the kind that a field takes: digits, blanks, small numbers, zeros and all ones beside arbitrary ones. */
function likely(seed: number, length: number): Uint8Array {
  const next = octetsFrom(seed);
  const manner = next() % 6;
  const one: readonly (() => number)[] = [next, () => next() % 13, () => 0x30 + (next() % 10), () => (next() % 10) * 16 + (next() % 10), () => 0x20 + (next() % 60), () => (next() % 3 === 0 ? 0xff : 0)];
  return Uint8Array.from({ length }, one[manner]!);
}

function* everyTable({ definitions, context, images, sizes }: ArbitraryMeter, seed: number): Generator<{ table: number; octets: Uint8Array; context: MeterContext; slow: Interpreter }> {
  const slow = new Interpreter(definitions, images);
  for (const [table, size] of sizes) {
    yield { table, octets: table === 0 ? images.get(0)! : likely(seed + table, size), context, slow };
  }
}

/** The octets or the value, or that there is none. */
function outcome<Result>(work: () => Result): Result | "refused" {
  try {
    return work();
  } catch (error) {
    if (error instanceof TablesError || error instanceof NotInterpreted) return "refused";
    throw error;
  }
}

test("[TDL-1] the interpreter and the layout's codecs read the same values from any octets of any meter", () => {
  fc.assert(
    fc.property(arbitraryBoundedMeter, seeds, (meter, seed) => {
      for (const { table, octets, context, slow } of everyTable(meter, seed)) {
        expect(slow.decode(table, octets), `table ${table}`).toEqual(context.decode(table, octets).tree());
      }
    }),
    { numRuns: 15 },
  );
});

test("[TDL-1] both write for what any octets meant those very octets; only numbers that may not be written are refused", () => {
  fc.assert(
    fc.property(arbitraryBoundedMeter, seeds, (meter, seed) => {
      for (const { table, octets, context, slow } of everyTable(meter, seed)) {
        const value = slow.decode(table, octets);
        const written = outcome(() => toHex(context.encode(table, value)));
        expect(outcome(() => toHex(slow.encode(table, value))), `table ${table}`).toBe(written);
        if (table !== boundedTable || written !== "refused") expect(written, `table ${table}`).toBe(toHex(octets));
      }
    }),
    { numRuns: 25 },
  );
});

test("[TDL-1] where nothing is said of a field, both write its default, or zero and blank", () => {
  fc.assert(
    fc.property(arbitraryBoundedMeter, (meter) => {
      for (const { table, context, slow } of everyTable(meter, 1)) {
        if (table !== 0) expect(toHex(slow.encode(table, {})), `table ${table}`).toBe(toHex(context.encode(table, {})));
      }
    }),
    { numRuns: 15 },
  );
});

test("[TDL-1] a number in a bounded field is taken by both or refused by both, at the bounds and beside them", () => {
  fc.assert(
    fc.property(arbitraryBoundedMeter, fc.integer({ min: -2, max: 2 }), ({ definitions, context, images }, beside) => {
      const slow = new Interpreter(definitions, images);
      for (const { path, least = 0, most = 0 } of boundsOf(definitions)) {
        for (const number of [least, most]) {
          const value = replaced({ SIGNED: [0, 0], BITS: {} }, path.split("."), number + beside);
          const refused = outcome(() => toHex(slow.encode(boundedTable, value)));
          expect(outcome(() => toHex(context.encode(boundedTable, value))), `${path} = ${number + beside}`).toBe(refused);
        }
      }
    }),
    { numRuns: 30 },
  );
});

function boundsOf(definitions: Definitions): readonly { path: string; least?: number; most?: number }[] {
  const plain = definitions.record("BOUNDED_RCD").members.filter((member) => member.kind === "field" && member.least !== undefined && member.count === undefined) as readonly Field[];
  const bits = definitions.types.get("BOUNDED_BFLD")!.members.filter((member) => member.kind === "bit-range" && member.least !== undefined) as readonly BitRange[];
  return [...plain.map((field) => ({ ...field, path: field.name })), ...bits.map((part) => ({ ...part, path: `BITS.${part.name}` }))];
}

const oddValues = fc.constantFrom<FieldValue>(
  0, -0, -1, 1, 0.5, 255, 256, 65_535, -32_768, 2 ** 31, -(2 ** 47), 1e21, 1.00005, 0.1, 123_456.7891, 5e-324, 1.7e308, Number.NaN, Number.POSITIVE_INFINITY,
  0n, -1n, 2n ** 40n, -(2n ** 63n), 2n ** 64n, true, false, "", "a", "RATE ", "é", "\u{1f600}", "\ud800", "00", "FF", "0a0b0c", "+1.50", "007", " 1.5", "1e999", "A\0\0", "\0", "raw:", "raw:00", "raw:ffff",
  "2026-11-21", "2026-11-21T07:05", "2026-11-21T07:05:09", "07:05:09", "24:00:00", "1989-12-31T00:00", "2090-01-01T00:00", "2026-02-29", "2028-02-29", "9999-12-31T23:59", "1999-06-30T00:00:00",
  { unnamed: 0 }, { unnamed: 8 }, { unnamed: 65_535 }, { unnamed: 2 ** 32 }, { unnamed: 0.5 }, [], [0], [7, 8], [1, 1], [-1], {}, { UNKNOWN_FIELD: 1 },
);

test("[TDL-1] any value in any field is taken by both, as the same octets, or refused by both", () => {
  fc.assert(
    fc.property(arbitraryBoundedMeter, seeds, oddValues, (meter, seed, odd) => {
      const next = octetsFrom(seed);
      for (const { table, octets, context, slow } of everyTable(meter, seed)) {
        // What table 0 says of formats has codes without a reading, which is tested with data-formats.ts.
        if (table === 0) continue;
        const { leafCount } = context.layout(table);
        const leaf = leafCount > 0 ? context.layout(table).leafAt((next() * 256 + next()) % leafCount) : undefined;
        if (!leaf) continue;
        const value = replaced(slow.decode(table, octets), leaf.path.split(/[.[\]]+/).filter((part) => part !== ""), odd);
        const ours = outcome(() => toHex(context.encode(table, value)));
        expect(outcome(() => toHex(slow.encode(table, value))), `table ${table}, ${leaf.path} = ${String(odd)}`).toBe(ours);
      }
    }),
    { numRuns: 40 },
  );
});

function replaced(tree: FieldValue, steps: readonly string[], value: FieldValue): FieldValue {
  const [first, ...rest] = steps;
  if (first === undefined) return value;
  if (Array.isArray(tree)) return (tree as readonly FieldValue[]).map((element, at) => (at === Number(first) ? replaced(element, rest, value) : element));
  const record = tree as { readonly [field: string]: FieldValue };
  return { ...record, [first]: replaced(record[first] ?? 0, rest, value) };
}

test("[TDL-1] octets of another length are refused by both, but for the tables that may end early", () => {
  fc.assert(
    fc.property(arbitraryBoundedMeter, fc.integer({ min: -9, max: 9 }), (meter, more) => {
      for (const { table, octets, context, slow } of everyTable(meter, 1)) {
        if (table === 0 || octets.length + more < 0) continue;
        const other = likely(2, octets.length + more);
        const value = outcome(() => slow.decode(table, other));
        expect(value, `table ${table}`).toEqual(outcome(() => context.decode(table, other).tree()));
        if (value === "refused" || table === boundedTable) continue;
        for (const codec of [slow, context]) expect(toHex(codec.encode(table, value)), `table ${table}`).toBe(toHex(other));
      }
    }),
    { numRuns: 10 },
  );
});

test("[TDL-1] both read and write the data of every procedure alike", () => {
  fc.assert(
    fc.property(arbitraryBoundedMeter, seeds, ({ context, images }, seed) => {
      const slow = new Interpreter(standardDefinitions, images);
      for (const { number, parameters, response } of standardDefinitions.procedures.values()) {
        if (parameters !== undefined) {
          const octets = likely(seed + number, context.encodeParameters(number, {}).length);
          const value = slow.decodeRecord(parameters, octets);
          expect(value, `procedure ${number}`).toEqual(context.decodeParameters(number, octets).tree());
          expect(toHex(slow.encodeRecord(parameters, value))).toBe(toHex(context.encodeParameters(number, value)));
        }
        if (response !== undefined) {
          const octets = likely(seed + number, context.encodeResponse(number, {}).length);
          const value = slow.decodeRecord(response, octets);
          expect(value, `procedure ${number}`).toEqual(context.decodeResponse(number, octets).tree());
          expect(toHex(slow.encodeRecord(response, value))).toBe(toHex(context.encodeResponse(number, value)));
        }
      }
    }),
    { numRuns: 15 },
  );
});
