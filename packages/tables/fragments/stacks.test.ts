import fc from "fast-check";
import { expect, test } from "vitest";
import { readDefinitions, type Definitions } from "../tdl/definitions.ts";
import { TablesError } from "../tables-error.ts";
import { applyFragments } from "./apply.ts";
import type { Fragment, FragmentStack } from "./fragment.ts";
import { combine, readFragments } from "./fragment-reader.ts";
import { parseFragment } from "./xml.ts";

const field = (name: string): object => ({ kind: "field", name, type: "UINT8" });
const base = readDefinitions({
  format: "metersmith-tdl-1",
  types: [
    { kind: "record", name: "A_RCD", members: [field("F"), { kind: "if", test: "B_TBL.F", then: [field("G")], else: [field("H")] }] },
    { kind: "record", name: "B_RCD", members: [field("F"), { kind: "field", name: "STATE", type: "UINT8", enumeration: "STATE" }] },
    { kind: "bits", name: "C_BFLD", base: "UINT8", members: [{ kind: "bit-range", name: "F", first: 0, last: 3, type: "UINT" }] },
  ],
  enumerations: [{ name: "STATE", values: [{ value: 0, name: "off" }, { value: 1, name: "on" }] }],
  tables: [{ number: 1, name: "A_TBL", type: "A_RCD" }, { number: 2, name: "B_TBL", type: "B_RCD" }],
  procedures: [{ number: 1, name: "P", parameters: "B_RCD" }],
});

const types = fc.constantFrom("A_RCD", "B_RCD", "C_BFLD", "D_RCD");
const names = fc.constantFrom("F", "G", "H", "STATE", "NEW");
const places = fc.oneof(
  fc.tuple(types, names).map(([type, name]) => `types/${type}/${name}`),
  types.map((type) => `types/${type}`),
  fc.constantFrom("tables/A_TBL", "tables/B_TBL", "tables/NEW_TBL", "enumerations/STATE", "enumerations/STATE/0", "enumerations/STATE/1", "procedures/P"),
);
const members = fc.oneof(
  names.map(field),
  names.map((name) => ({ kind: "bit-range", name, first: 4, last: 5, type: "UINT" })),
  fc.tuple(names, names).map(([a, b]) => ({ kind: "if", test: "B_TBL.F", then: [field(a)], else: [field(b)] })),
);
const operations = fc.oneof(
  fc.record({ op: fc.constant("add"), to: types.map((type) => `types/${type}`), after: fc.option(names, { nil: undefined }), value: members }),
  fc.record({ op: fc.constant("add"), to: fc.constant("types"), value: types.map((name) => ({ kind: "record", name, members: [field("NEW")] })) }),
  fc.record({ op: fc.constant("add"), to: fc.constant("tables"), value: fc.record({ number: fc.integer({ min: 2, max: 4 }), name: fc.constantFrom("NEW_TBL", "OTHER_TBL"), type: types }) }),
  fc.record({ op: fc.constant("add"), to: fc.constant("enumerations/STATE"), value: fc.record({ value: fc.integer({ min: 1, max: 3 }), name: fc.constantFrom("x", "y") }) }),
  fc.record({ op: fc.constantFrom("add", "replace"), target: places, attribute: fc.constantFrom("default", "unit", "access", "source"), value: fc.constantFrom("1", "read") }).map(({ op, target, attribute, value }) =>
    op === "add" ? { op, to: `${target}/${attribute}`, value } : { op, target: `${target}/${attribute}`, value }),
  fc.record({ op: fc.constant("remove"), target: places }),
  fc.record({ op: fc.constant("replace"), target: places, value: members }),
  fc.record({ op: fc.constant("restrict"), target: places, most: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ op: fc.constant("restrict"), target: fc.constant("enumerations/STATE"), values: fc.subarray([0, 1, 2]) }),
);

const fragments = (name: string, over?: string): fc.Arbitrary<Fragment> =>
  fc.array(operations, { minLength: 1, maxLength: 2 }).map((list) => readFragments({ format: "metersmith-fragment-1", name, ...(over === undefined ? {} : { over: [over] }), operations: list })[0]!);

/** Undefined where the stack is refused; whatever is thrown else goes on. */
function applied(on: Definitions | undefined, stack: FragmentStack): Definitions | undefined {
  if (!on) return undefined;
  try {
    return applyFragments(on, stack);
  } catch (error) {
    if (error instanceof TablesError) return undefined;
    throw error;
  }
}

/** The definitions, and whose each of their parts is. */
function whole(definitions: Definitions): unknown {
  const { document } = definitions;
  const parts = (["types", "enumerations", "tables", "procedures"] as const).flatMap((list) =>
    document[list].flatMap((definition) => [`${list}/${definition.name}`, ...["F", "G", "H", "STATE", "NEW"].map((name) => `types/${definition.name}/${name}`)]));
  return { document, origins: parts.map((part) => [part, definitions.originOf(part)]) };
}

test("[TDL-2] at once, one by one, and in parts put together: the same definitions, or the same refusal", () => {
  fc.assert(
    fc.property(fragments("a"), fragments("b", "a"), fragments("c"), (a, b, c) => {
      const atOnce = applied(base, [a, b, c]);
      for (const other of [applied(applied(applied(base, [a]), [b]), [c]), applied(applied(base, [a]), combine([b], [c])), applied(applied(base, combine([a], [b])), [c])]) {
        expect(other && whole(other)).toEqual(atOnce && whole(atOnce));
      }
      expect(combine(combine([a], [b]), [c])).toEqual(combine([a], combine([b], [c])));
    }),
    { numRuns: 200 },
  );
});

test("[TDL-2] fragments that are not over each other commute, and who is refused after the other is refused before it", () => {
  let commuted = 0;
  fc.assert(
    fc.property(fragments("a"), fragments("b"), (a, b) => {
      if (!applied(base, [a]) || !applied(base, [b])) return;
      const [forth, back] = [applied(base, [a, b]), applied(base, [b, a])];
      expect(back && whole(back)).toEqual(forth && whole(forth));
      if (forth) commuted++;
    }),
    { numRuns: 1_500 },
  );
  expect(commuted).toBeGreaterThan(5);
});

test("what results from any fragment stands alone", () => {
  fc.assert(
    fc.property(fragments("a"), (a) => {
      const result = applied(base, [a]);
      if (result) expect(readDefinitions(JSON.parse(JSON.stringify(result.document))).digest).toBe(result.digest);
    }),
    { numRuns: 300 },
  );
});

test("any JSON and any text in the place of a fragment is refused by this package's error, or applied", () => {
  const target = fc.oneof(places, fc.string({ maxLength: 20 }), fc.constantFrom("types", "types/__proto__", "types/A_RCD/constructor", "tables/A_TBL/__proto__", "types/A_RCD/F#99"));
  const operation = fc.record({ op: fc.constantFrom("add", "remove", "replace", "restrict"), to: target, target, value: fc.jsonValue({ maxDepth: 3 }) }, { requiredKeys: [] });
  const loose = fc.record({ format: fc.constant("metersmith-fragment-1"), name: fc.constant("a"), operations: fc.array(fc.oneof(operation, fc.jsonValue({ maxDepth: 2 })), { maxLength: 3 }) });
  const quietly = (run: () => unknown): void => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof TablesError)) throw error;
    }
  };
  fc.assert(
    fc.property(fc.oneof(loose, fc.jsonValue({ maxDepth: 3 })), (json) => {
      quietly(() => applyFragments(base, readFragments(json)));
    }),
    { numRuns: 500 },
  );
  const pieces = fc.constantFrom("<fragment", ' xmlns="urn:metersmith:tdl:1"', ' name="a"', ">", "/>", "<add", "<remove", "<replace", ' to="types"', ' target="types/A_RCD"', "<field", "</fragment>", "&a;", "<!DOCTYPE a>", "\u0000");
  fc.assert(fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => quietly(() => applyFragments(base, [parseFragment(parts.join(""))]))), { numRuns: 300 });
});

test("what a fragment costs is bounded by its definitions: many operations in one huge type are refused", () => {
  const huge = readDefinitions({ ...base.document, types: [...base.document.types, { kind: "record", name: "HUGE_RCD", members: Array.from({ length: 4_000 }, (_, i) => field(`F${i}`)) }] });
  const defaults = (count: number): FragmentStack =>
    readFragments({ format: "metersmith-fragment-1", name: "a", operations: Array.from({ length: count }, (_, i) => ({ op: "add", to: `types/HUGE_RCD/F${i}/default`, value: "1" })) });
  expect(applyFragments(huge, defaults(20)).originOf("types/HUGE_RCD/F19/default")).toBe("a");
  expect(() => applyFragments(huge, defaults(1_000))).toThrow("Fragment a: operation 126 (add): Table definitions: HUGE_RCD is too large for so many operations in one fragment");
});

test("a stack has its bounds", () => {
  const one = (name: string, count: number): object => ({ format: "metersmith-fragment-1", name, operations: Array.from({ length: count }, () => ({ op: "remove", target: "types/A_RCD" })) });
  expect(() => readFragments(one("a", 1_001))).toThrow("at most 1000");
  expect(() => readFragments(Array.from({ length: 41 }, (_, i) => one(`a${i}`, 0)))).toThrow("at most 40");
  const half = (name: string): FragmentStack => readFragments(Array.from({ length: 21 }, (_, i) => one(`${name}${i}`, 0)));
  expect(() => combine(half("a"), half("b"))).toThrow("at most 40");
});
