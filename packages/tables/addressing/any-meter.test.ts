import fc from "fast-check";
import { expect, test } from "vitest";
import type { FieldValue } from "../field-value.ts";
import type { Leaf } from "../layout/layout.ts";
import { Interpreter } from "../oracle/interpreter.ts";
import { arbitraryMeter, octetsFrom, type ArbitraryMeter } from "../testing/arbitrary-meters.ts";
import { changes } from "./changes.ts";
import { addressOf, fieldAtBit, fieldsAt } from "./field-address.ts";
import { indicesOf, octetsOfIndices, pathOfIndices } from "./index-path.ts";
import { maskOf, merge } from "./masked-image.ts";
import { tableWrites } from "./table-writes.ts";

/** Paths and values of a tree, which the interpreter made: it knows nothing of layouts. A SET is one value. */
function leavesIn(value: FieldValue, isSet: (path: string) => boolean, path = ""): Map<string, unknown> {
  if (typeof value !== "object" || isSet(path)) return new Map([[path, value]]);
  const inner = Array.isArray(value)
    ? (value as readonly FieldValue[]).map((element, index) => leavesIn(element, isSet, `${path}[${index}]`))
    : Object.entries(value).map(([name, member]) => leavesIn(member, isSet, path === "" ? name : `${path}.${name}`));
  return new Map(inner.flatMap((leaves) => [...leaves]));
}

/** Equal where two values are one: 0 and −0 are two, and so are 7 and "7". */
const key = (value: unknown): string => `${typeof value} ${Object.is(value, -0) ? "-0" : String(value)}`;

interface Drawn {
  readonly table: number;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly next: () => number;
}

/** A few tables of a meter with two images each, the second with some octets changed. */
function* drawnTables({ sizes }: ArbitraryMeter, seed: number, count: number): Generator<Drawn> {
  const next = octetsFrom(seed);
  const tables = [...sizes].filter(([table, size]) => table !== 0 && size > 0);
  for (let i = 0; i < count && tables.length > 0; i++) {
    const [table, size] = tables[next() % tables.length]!;
    const before = Uint8Array.from({ length: size }, next);
    const after = before.slice();
    for (let change = next() % 6; change >= 0; change--) after[(next() * 256 + next()) % size]! ^= 1 << (next() % 8);
    yield { table, before, after, next };
  }
}

test("[ACC-2] a bit is under the mask of a field when, and only when, the oracle reads the field otherwise with the bit turned", () => {
  fc.assert(
    fc.property(arbitraryMeter, fc.nat(), (meter, seed) => {
      const slow = new Interpreter(meter.definitions, meter.images);
      for (const { table, before, next } of drawnTables(meter, seed, 5)) {
        const layout = meter.context.layout(table);
        const isSet = (path: string): boolean => layout.find(path)?.kind === "set";
        const was = leavesIn(slow.decode(table, before), isSet);
        for (let turn = 0; turn < 6; turn++) {
          const [octet, bit] = [(next() * 256 + next()) % before.length, next() % 8];
          const turned = before.slice();
          turned[octet]! ^= 1 << bit;
          const is = leavesIn(slow.decode(table, turned), isSet);
          // Bits without a name come and go as `unnamed`, which is no field.
          const differing = [...new Set([...was.keys(), ...is.keys()])].filter((path) => !path.endsWith("unnamed") && key(was.get(path)) !== key(is.get(path)));
          expect(layout.leaves.filter(({ path }) => (maskOf(layout, [path])[octet]! & (1 << bit)) !== 0).map(({ path }) => path), `table ${table}, octet ${octet}, bit ${bit}`).toEqual(differing);
          expect(fieldAtBit(layout, octet, bit)?.path).toBe(differing[0]);
        }
      }
    }),
    { numRuns: 8 },
  );
});

test("[ACC-1] the fields that change are those that the oracle reads otherwise, each with both values", () => {
  fc.assert(
    fc.property(arbitraryMeter, fc.nat(), (meter, seed) => {
      const slow = new Interpreter(meter.definitions, meter.images);
      for (const { table, before, after } of drawnTables(meter, seed, 8)) {
        const layout = meter.context.layout(table);
        const isSet = (path: string): boolean => layout.find(path)?.kind === "set";
        const [was, is] = [leavesIn(slow.decode(table, before), isSet), leavesIn(slow.decode(table, after), isSet)];
        const expected = layout.leaves.filter(({ path }) => key(was.get(path)) !== key(is.get(path))).map(({ path }) => ({ path, before: was.get(path), after: is.get(path) }));
        const found = changes(meter.context, before, { table, bytes: after, mask: new Uint8Array(before.length).fill(0xff) });
        expect(found.filter(({ path }) => !path.startsWith("octet ")).map(({ path, before: old, after: now }) => ({ path, before: old, after: now })), `table ${table}`).toEqual(expected);
      }
    }),
    { numRuns: 12 },
  );
});

test("[ACC-2] merging under the mask of some fields changes those and nothing else", () => {
  fc.assert(
    fc.property(arbitraryMeter, fc.nat(), (meter, seed) => {
      for (const { table, before, after, next } of drawnTables(meter, seed, 8)) {
        const layout = meter.context.layout(table);
        const chosen = layout.leaves.filter(() => next() % 3 === 0);
        const isChosen = new Set(chosen.map(({ path }) => path));
        const merged = merge(before, { table, bytes: after, mask: maskOf(layout, [...isChosen]) });
        const read = (leaf: Leaf, octets: Uint8Array): unknown => leaf.codec.read(octets, leaf.offset);
        for (const leaf of layout.leaves) expect(read(leaf, merged), leaf.path).toEqual(read(leaf, isChosen.has(leaf.path) ? after : before));
      }
    }),
    { numRuns: 10 },
  );
});

test("paths, octets and index lists of any table lead to each other", () => {
  fc.assert(
    fc.property(arbitraryMeter, fc.nat(), (meter, seed) => {
      for (const { table, next } of drawnTables(meter, seed, 6)) {
        const layout = meter.context.layout(table);
        for (let i = 0; i < 10; i++) {
          const leaf = layout.leaves[(next() * 256 + next()) % layout.leafCount]!;
          const { offset, octets } = addressOf(layout, leaf.path);
          if (octets === 0) continue;
          expect(fieldsAt(layout, offset, octets).map(({ path }) => path)).toContain(leaf.path);
          const indices = indicesOf(layout, leaf.path);
          expect(octetsOfIndices(layout, indices)).toEqual({ offset, octets });
          expect(leaf.path.startsWith(pathOfIndices(layout, indices) ?? "none")).toBe(true);
        }
      }
    }),
    { numRuns: 10 },
  );
});

test("whatever a meter lets be written alone, the writes make the target, touch what changes and cost no more than the whole table", () => {
  fc.assert(
    fc.property(arbitraryMeter, fc.nat(), fc.boolean(), fc.boolean(), fc.integer({ min: 0, max: 40 }), (meter, seed, offset, index, overhead) => {
      for (const { table, before, after } of drawnTables(meter, seed, 8)) {
        const layout = meter.context.layout(table);
        const image = before.slice();
        let cost = 0;
        for (const write of tableWrites(layout, before, after, { offset, index }, overhead)) {
          image.set(write.bytes, write.offset);
          cost += overhead + write.bytes.length + (write.kind === "offset" ? 3 : write.kind === "index" ? 2 * write.indices.length : 0);
          if (write.kind === "index") expect(octetsOfIndices(layout, write.indices, write.elements)).toEqual({ offset: write.offset, octets: write.bytes.length });
          expect(write.kind === "full" || (write.kind === "offset" ? offset : index)).toBe(true);
          expect(write.bytes.some((octet, at) => octet !== before[write.offset + at])).toBe(true);
        }
        expect(image).toEqual(after);
        expect(cost).toBeLessThanOrEqual(overhead + after.length);
      }
    }),
    { numRuns: 15 },
  );
});
