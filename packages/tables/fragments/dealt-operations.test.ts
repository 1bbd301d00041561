import fc from "fast-check";
import { expect, test } from "vitest";
import { MeterContext } from "../context.ts";
import { standardDefinitions } from "../definitions/standard.generated.ts";
import { readDefinitions, type Definitions } from "../tdl/definitions.ts";
import { leastFirst } from "../testing/hand-made-meters.ts";
import { applyFragments } from "./apply.ts";
import { identityFrom } from "./condition.ts";
import type { Fragment } from "./fragment.ts";
import { combine, readFragments } from "./fragment-reader.ts";

const field = (name: string, more: object = {}): object => ({ kind: "field", name, type: "UINT8", ...more });

/**
 * Operations on the standard's definitions of which each can be carried out alone and after any of the others; `place` is what it makes, where it makes something. The
 * last three of them need the type, the table and the enumeration that others make.
 */
const all: readonly { readonly operation: object; readonly place?: string; readonly needs?: number }[] = [
  { operation: { op: "add", to: "types", value: { kind: "record", name: "OWN_RCD", members: [field("A"), field("B")] } }, place: "types/OWN_RCD" },
  { operation: { op: "add", to: "enumerations", value: { name: "OWN_STATE", values: [{ value: 0, name: "off" }, { value: 1, name: "on" }] } }, place: "enumerations/OWN_STATE" },
  { operation: { op: "add", to: "types/CLOCK_RCD", value: field("ZONE") }, place: "types/CLOCK_RCD/ZONE" },
  { operation: { op: "add", to: "types/TIER_SWITCH_RCD", before: "TIER_SWITCH", value: field("MARK", { default: "7" }) }, place: "types/TIER_SWITCH_RCD/MARK" },
  { operation: { op: "add", to: "types/TIER_SWITCH_BFLD", after: "NEW_TIER", value: { kind: "if", test: "ACT_TIME_TOU_TBL.TIME_FUNC_FLAG2.CAP_DST_AUTO", then: [{ kind: "bit-range", name: "OWN_BIT", first: 3, last: 3, type: "BOOL" }] } }, place: "types/TIER_SWITCH_BFLD/OWN_BIT" },
  { operation: { op: "replace", target: "types/UTIL_INFO_RCD/MISC_ID/length", value: "39" }, place: "types/UTIL_INFO_RCD/MISC_ID/length" },
  { operation: { op: "replace", target: "types/UTIL_INFO_RCD/TARIFF_ID", value: field("TARIFF_ID", { type: "CHAR", length: "12" }) }, place: "types/UTIL_INFO_RCD/TARIFF_ID" },
  { operation: { op: "remove", target: "types/UTIL_INFO_RCD/COORDINATE_3" } },
  { operation: { op: "replace", target: "types/UTIL_INFO_RCD/DEVICE_ID#2/length", value: "18" }, place: "types/UTIL_INFO_RCD/DEVICE_ID/length" },
  { operation: { op: "add", to: "types/TIME_OFFSET_RCD/DST_TIME_AMT/default", value: "60" }, place: "types/TIME_OFFSET_RCD/DST_TIME_AMT/default" },
  { operation: { op: "remove", target: "types/TIME_OFFSET_RCD/TIME_ZONE_OFFSET/unit" } },
  { operation: { op: "restrict", target: "types/CALENDAR_ACTION_BFLD/CALENDAR_CTRL", most: 18 }, place: "types/CALENDAR_ACTION_BFLD/CALENDAR_CTRL/most" },
  { operation: { op: "restrict", target: "tables/CALENDAR_TBL", access: "read" }, place: "tables/CALENDAR_TBL/access" },
  { operation: { op: "restrict", target: "enumerations/TM_FORMAT", values: [2, 4] } },
  { operation: { op: "replace", target: "enumerations/DAY_OF_WEEK/7/name", value: "unknown" }, place: "enumerations/DAY_OF_WEEK/7/name" },
  { operation: { op: "add", to: "enumerations/UOM_ID_CODE", value: { value: 8, name: "voltage" } }, place: "enumerations/UOM_ID_CODE/8" },
  { operation: { op: "remove", target: "procedures/LOG_OUT" } },
  { operation: { op: "remove", target: "procedures/REMOTE_RESET/response" } },
  { operation: { op: "add", to: "procedures", value: { number: 2049, name: "OWN_PROC", parameters: "CLOCK_RCD" } }, place: "procedures/OWN_PROC" },
  { operation: { op: "add", to: "tables", value: { number: 2048, name: "OWN_TBL", type: "OWN_RCD" } }, place: "tables/OWN_TBL", needs: 0 },
  { operation: { op: "add", to: "types/OWN_RCD", after: "A", value: field("A2") }, place: "types/OWN_RCD/A2", needs: 0 },
  { operation: { op: "restrict", target: "enumerations/OWN_STATE", values: [0] }, needs: 1 },
];

interface Dealt {
  readonly stack: readonly [Fragment, Fragment, Fragment];
  /** Which of the three has the operation; none where it was left out. */
  readonly owner: readonly (number | undefined)[];
}

/** Operations dealt to three fragments, each over those below it; what needs another operation lies with it or above it. */
const dealt: fc.Arbitrary<Dealt> = fc.array(fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }), { minLength: all.length, maxLength: all.length }).map((drawn) => {
  const owner: (number | undefined)[] = [];
  drawn.forEach((who, at) => {
    const needs = all[at]!.needs;
    const below = needs === undefined ? 0 : owner[needs];
    owner.push(who === undefined || below === undefined ? undefined : Math.max(who, below));
  });
  const made = [0, 1, 2].map((who) =>
    readFragments({
      format: "metersmith-fragment-1", name: `f${who}`, ...(who === 0 ? {} : { over: ["f0", "f1"].slice(0, who) }),
      operations: all.filter((_, at) => owner[at] === who).map(({ operation }) => operation),
    })[0]!);
  return { stack: made as [Fragment, Fragment, Fragment], owner };
});

const told = (definitions: Definitions): unknown => ({ document: definitions.document, origins: all.map(({ place }) => place !== undefined && definitions.originOf(place)) });
const apply = (on: Definitions, ...stack: readonly Fragment[]): Definitions => applyFragments(on, stack);

test("[TDL-2] a stack at once, one by one and in parts gives the same definitions, in which each part knows its fragment", () => {
  fc.assert(
    fc.property(dealt, ({ stack: [a, b, c], owner }) => {
      const atOnce = apply(standardDefinitions, a, b, c);
      expect(told(apply(apply(apply(standardDefinitions, a), b), c))).toEqual(told(atOnce));
      expect(told(applyFragments(apply(standardDefinitions, a), combine([b], [c])))).toEqual(told(atOnce));
      expect(told(apply(applyFragments(standardDefinitions, combine([a], [b])), c))).toEqual(told(atOnce));
      all.forEach(({ place }, at) => {
        const who = owner[at];
        if (place !== undefined && who !== undefined) expect(atOnce.originOf(place), place).toBe(`f${who}`);
      });
      expect(readDefinitions(JSON.parse(JSON.stringify(atOnce.document))).digest).toBe(atOnce.digest);
    }),
    { numRuns: 4 },
  );
});

test("[TDL-2] to whom an operation is dealt makes no difference to the definitions", () => {
  fc.assert(
    fc.property(dealt, ({ stack, owner }) => {
      const operations = all.filter((_, at) => owner[at] !== undefined).map(({ operation }) => operation);
      const one = readFragments({ format: "metersmith-fragment-1", name: "one", operations });
      expect(applyFragments(standardDefinitions, one).digest).toBe(applyFragments(standardDefinitions, stack).digest);
    }),
    { numRuns: 4 },
  );
});

test("[TDL-2] a condition leaves in the stack what holds for the meter, as if the others were not there", () => {
  fc.assert(
    fc.property(dealt, fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()), ({ stack, owner }, holds) => {
      // What needs an operation of a fragment that does not hold is dangling; such deals are another test's.
      fc.pre(all.every(({ needs }, at) => needs === undefined || owner[at] === undefined || holds[owner[needs]!] === true));
      const meter = MeterContext.of(standardDefinitions, new Map([[0, leastFirst[0]]]));
      const identity = identityFrom(meter.decode(1, meter.encode(1, { MANUFACTURER: "MSMT", ED_MODEL: "RX-2S", FW_VERSION: 1, FW_REVISION: 4 })).tree());
      const conditional = stack.map((fragment, who): Fragment => ({ ...fragment, when: holds[who] ? { manufacturer: "MSMT", firmware: { from: "1.4" } } : { model: "IX-4S" } }));
      const result = applyFragments(standardDefinitions, conditional, identity);
      expect(result.digest).toBe(applyFragments(standardDefinitions, stack.filter((_, who) => holds[who]).map((fragment) => ({ ...fragment, over: (fragment.over ?? []).filter((name) => holds[Number(name[1])]) }))).digest);
      expect(result.origins.stack.map(({ applied }) => applied)).toEqual(holds);
    }),
    { numRuns: 4 },
  );
});
