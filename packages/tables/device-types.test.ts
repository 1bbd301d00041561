import { readdirSync, readFileSync } from "node:fs";
import { toHex } from "@metersmith/base/bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MeterContext } from "./context.ts";
import { standardDefinitions } from "./definitions/standard.generated.ts";
import type { FieldValue } from "./field-value.ts";
import { applyFragments } from "./fragments/apply.ts";
import { identityFrom } from "./fragments/condition.ts";
import { readFragments } from "./fragments/fragment-reader.ts";
import { Interpreter, NotInterpreted } from "./oracle/interpreter.ts";
import { TablesError } from "./tables-error.ts";
import type { Definitions } from "./tdl/definitions.ts";
import { octetsFrom } from "./testing/arbitrary-meters.ts";
import { parseEdl } from "./values/edl-xml.ts";
import { edlOf, valueFromEdl } from "./values/edl-document.ts";
import { writeEdl } from "./values/edl-writer.ts";
import { jsonOf, valueFromJson } from "./values/json.ts";

/** The demonstration types are data alone: what is read here is all that makes one different from another. */
const folder = new URL("../../device-types/", import.meta.url);
const ids = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);

interface Type {
  readonly definitions: Definitions;
  readonly context: MeterContext;
  readonly images: ReadonlyMap<number, Uint8Array>;
}

function typeOf(id: string): Type {
  const json = (file: string): unknown => JSON.parse(readFileSync(new URL(`${id}/${file}`, folder), "utf8"));
  const { tables } = json("factory.json") as { readonly tables: Readonly<Record<string, FieldValue>> };
  const definitions = applyFragments(standardDefinitions, readFragments(json("fragment.json")), identityFrom(tables["1"]));
  return { definitions, ...MeterContext.fromValues(definitions, new Map(Object.entries(tables).map(([table, value]) => [Number(table), value]))) };
}

const types = new Map(ids.map((id) => [id, typeOf(id)]));
const tablesOf = ({ definitions, context }: Type): number[] => [...definitions.tables.keys()].filter((table) => table !== 0 && context.has(table));

test("there are at least two types that share neither data order, time form nor number forms", () => {
  const forms = ["rx-2s", "ix-4s"].map((id) => types.get(id)!.context.formats);
  const [residential, industrial] = forms as [MeterContext["formats"], MeterContext["formats"]];
  for (const form of ["littleEndian", "time", "ni1", "ni2"] as const) expect(residential[form], form).not.toBe(industrial[form]);
});

describe.each(ids)("%s", (id) => {
  const type = types.get(id)!;

  test("[TDL-1] every table: any octets mean the same in both codecs, and come back through tree, JSON and EDL", () => {
    const slow = new Interpreter(type.definitions, type.images);
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const next = octetsFrom(seed);
        for (const table of tablesOf(type)) {
          const decoded = type.context.decode(table, Uint8Array.from({ length: type.context.layout(table).size }, next));
          const { layout } = decoded;
          const tree = decoded.tree();
          expect(slow.decode(table, decoded.bytes), `table ${table}`).toEqual(tree);
          // What may not be written is refused alike; such octets do not come back.
          const again = refusedOr(() => type.context.encode(table, tree));
          expect(again === "refused" || toHex(again) === toHex(decoded.bytes), `table ${table}`).toBe(true);
          expect(refusedOr(() => slow.encode(table, tree)) === "refused", `table ${table}`).toBe(again === "refused");
          if (again === "refused" || decoded.bytes.length > 600) continue;
          expect(toHex(type.context.encode(table, valueFromJson(layout, JSON.parse(JSON.stringify(jsonOf(decoded)))))), `table ${table}`).toBe(toHex(decoded.bytes));
          const document = parseEdl(writeEdl(edlOf(type.definitions, [decoded])));
          expect(toHex(type.context.encode(table, valueFromEdl(layout, document.tables[0]!))), `table ${table}`).toBe(toHex(decoded.bytes));
        }
      }),
      { numRuns: 1 },
    );
  });

  test("[TDL-3] the factory's own tables come back, and say of themselves what the factory said", () => {
    for (const [table, octets] of type.images) {
      const decoded = type.context.decode(table, octets);
      expect(toHex(type.context.encode(table, decoded.tree())), `table ${table}`).toBe(toHex(octets));
    }
  });
});

test("one value is other octets in each form of meter, and the same value again", () => {
  const clock = { CLOCK_CALENDAR: "2026-11-21T07:05:09", TIME_DATE_QUAL: { DAY_OF_WEEK: 6 } };
  const octets = ids.filter((id) => types.get(id)!.context.has(52)).map((id) => {
    const { context } = types.get(id)!;
    const image = context.encode(52, clock);
    expect(context.decode(52, image).get("CLOCK_CALENDAR"), id).toBe(clock.CLOCK_CALENDAR);
    return toHex(image);
  });
  // As the vectors have them: UINT8 octets, and 1,795,244,709 s with the most significant octet first.
  expect(new Set(octets)).toEqual(new Set(["1a0b1507050906", "6b0142a506"]));
});

function refusedOr<Result>(work: () => Result): Result | "refused" {
  try {
    return work();
  } catch (error) {
    if (error instanceof TablesError || error instanceof NotInterpreted) return "refused";
    throw error;
  }
}
