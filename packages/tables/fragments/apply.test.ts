import { describe, expect, test } from "vitest";
import { MeterContext } from "../context.ts";
import { standardDefinitions } from "../definitions/standard.generated.ts";
import type { Definitions } from "../tdl/definitions.ts";
import { TablesError } from "../tables-error.ts";
import { leastFirst } from "../testing/hand-made-meters.ts";
import { applyFragments } from "./apply.ts";
import { holdsFor } from "./condition.ts";
import type { Fragment } from "./fragment.ts";
import { combine, readFragments } from "./fragment-reader.ts";

const fragment = (name: string, operations: object[], more: object = {}): Fragment => readFragments({ format: "metersmith-fragment-1", name, ...more, operations })[0]!;
const field = (name: string, more: object = {}): object => ({ kind: "field", name, type: "UINT8", ...more });
const record = (name: string, ...members: object[]): object => ({ kind: "record", name, members });
const apply = (...fragments: Fragment[]): Definitions => applyFragments(standardDefinitions, fragments);

function refusal(...fragments: Fragment[]): { code: string; message: string } {
  try {
    apply(...fragments);
  } catch (error) {
    if (error instanceof TablesError) return { code: error.code, message: error.message };
    throw error;
  }
  return expect.fail("was taken");
}

describe("[TDL-2] operations", () => {
  const fields = (definitions: Definitions, type: string): unknown =>
    definitions.types.get(type)?.members.map((member) => ("name" in member ? member.name : member.kind));

  test("members go after, before, at the end, and into the branch of their neighbour", () => {
    const own = fragment("own", [
      { op: "add", to: "types", value: record("OWN_RCD", field("A"), { kind: "if", test: "GEN_CONFIG_TBL.NBR_PENDING", then: [field("B")] }) },
      { op: "add", to: "types/OWN_RCD", value: field("LAST") },
      { op: "add", to: "types/OWN_RCD", after: "A", value: field("A2") },
      { op: "add", to: "types/OWN_RCD", before: "A", value: field("FIRST") },
      { op: "add", to: "types/OWN_RCD", before: "B", value: { kind: "if", test: "1", then: [field("INNER")] } },
    ]);
    const definitions = apply(own);
    expect(fields(definitions, "OWN_RCD")).toEqual(["FIRST", "A", "A2", "if", "LAST"]);
    expect(definitions.types.get("OWN_RCD")?.members[3]).toMatchObject({ then: [{ kind: "if", then: [{ name: "INNER" }] }, { name: "B" }] });
  });

  test("a field of the standard's is replaced, removed, given and relieved of attributes", () => {
    const definitions = apply(fragment("f", [
      { op: "replace", target: "types/UTIL_INFO_RCD/MISC_ID", value: field("MISC_ID", { type: "CHAR", length: "39" }) },
      { op: "remove", target: "types/UTIL_INFO_RCD/COORDINATE_3" },
      { op: "add", to: "types/UTIL_INFO_RCD/TARIFF_ID/default", value: "NONE" },
      { op: "remove", target: "tables/UTIL_INFO_TBL/unverified" },
      { op: "replace", target: "enumerations/DAY_OF_WEEK/7/name", value: "unknown" },
      { op: "add", to: "enumerations/UOM_ID_CODE", value: { value: 8, name: "voltage" } },
      { op: "remove", target: "procedures/LOG_OUT" },
      { op: "restrict", target: "tables/UTIL_INFO_TBL", access: "read" },
    ]));
    const layout = MeterContext.of(definitions, new Map([[0, leastFirst[0]]])).layout(6);
    expect([layout.find("MISC_ID")?.width, layout.find("COORDINATE_3"), layout.size, layout.access]).toEqual([39, undefined, 230 + 9 - 10, "read"]);
    expect(definitions.label("DAY_OF_WEEK", 7)).toBe("unknown");
    expect(definitions.label("UOM_ID_CODE", 8)).toBe("voltage");
    expect(definitions.procedureNamed("LOG_OUT")).toBeUndefined();
    expect(standardDefinitions.procedureNamed("LOG_OUT")).toBeDefined();
  });

  test("a member that branches share is named with its number", () => {
    const target = "types/DEVICE_IDENT_RCD/IDENTIFICATION";
    expect(refusal(fragment("f", [{ op: "replace", target: `${target}/length`, value: "9" }])).message).toContain(`${target} is there 2 times`);
    const definitions = apply(fragment("f", [{ op: "replace", target: `${target}#2/length`, value: "9" }]));
    expect(MeterContext.of(definitions, new Map([[0, leastFirst[0]]])).layout(5).size).toBe(9);
  });

  test.each([
    ["an access", { target: "types/OWN_RCD/A", access: "read-write" }],
    ["a smallest number", { target: "types/OWN_RCD/A", least: 0 }],
    ["a largest number", { target: "types/OWN_RCD/A", most: 10 }],
    ["a range of nothing", { target: "types/OWN_RCD/A", least: 9, most: 8 }],
    ["values of a field", { target: "types/OWN_RCD/A", values: [1] }],
    ["a type", { target: "types/OWN_RCD", access: "read" }],
    ["nothing", { target: "types/OWN_RCD/A" }],
  ])("restricting to what is wider, or to what cannot be, is refused: %s", (_, restriction) => {
    const own = fragment("own", [{ op: "add", to: "types", value: record("OWN_RCD", field("A", { access: "read", least: 1, most: 9 })) }, { op: "restrict", ...restriction }]);
    expect(refusal(own)).toMatchObject({ code: "bad-fragment", message: expect.stringContaining("Fragment own: ") as string });
  });
});

describe("[TDL-2] conflicts and dangling targets name both sides", () => {
  const one = fragment("one", [{ op: "add", to: "types/CLOCK_RCD", value: field("ONE") }, { op: "remove", target: "types/UTIL_INFO_RCD/MISC_ID" }, { op: "add", to: "types", value: record("ONE_RCD") }]);

  test.each<[string, object, string, string]>([
    ["what the base has", { op: "add", to: "types", value: record("CLOCK_RCD") }, "fragment-conflict", "Fragment two and the base both have types/CLOCK_RCD"],
    ["what another added", { op: "add", to: "types", value: record("ONE_RCD") }, "fragment-conflict", "Fragment two and fragment one both have types/ONE_RCD"],
    ["the same end of a type", { op: "add", to: "types/CLOCK_RCD", value: field("TWO") }, "fragment-conflict", "Fragment two and fragment one both have types/CLOCK_RCD/$end"],
    ["a type in which another works", { op: "remove", target: "types/CLOCK_RCD" }, "fragment-conflict", "Fragment two and fragment one both have types/CLOCK_RCD: it was changed there"],
    ["a table's number", { op: "add", to: "tables", value: { number: 54, name: "TWO_TBL", type: "CLOCK_RCD" } }, "fragment-conflict", "it has the number of tables/CALENDAR_TBL"],
    ["what another removed", { op: "replace", target: "types/UTIL_INFO_RCD/MISC_ID/length", value: "3" }, "dangling-target", "Fragment two changes types/UTIL_INFO_RCD/MISC_ID/length, and there is no such member"],
    ["what nobody has", { op: "remove", target: "types/CLOCK_RCD/COLOUR" }, "dangling-target", "the base decides what is there"],
    ["a value that nobody has", { op: "remove", target: "enumerations/DAY_OF_WEEK/8" }, "dangling-target", "DAY_OF_WEEK has 0, 1, 2, 3, 4, 5, 6, 7"],
    ["an attribute that is absent", { op: "remove", target: "tables/CLOCK_TBL/access" }, "dangling-target", "has no access"],
    ["an attribute that is there", { op: "add", to: "types/UTIL_INFO_RCD/DEVICE_ID#1/length", value: "3" }, "fragment-conflict", "and the base both have types/UTIL_INFO_RCD/DEVICE_ID/length"],
    ["who a definition is", { op: "replace", target: "tables/CLOCK_TBL/number", value: 9 }, "bad-fragment", "number says which definition it is"],
    ["a definition that is none", { op: "add", to: "tables", value: { number: "54" } }, "bad-fragment", "operation 1 (add): "],
    ["a type that others use", { op: "remove", target: "types/TIME_DATE_QUAL_BFLD" }, "bad-fragment", "Fragment two removed types/TIME_DATE_QUAL_BFLD."],
  ])("%s", (_, operation, code, message) => {
    expect(refusal(one, fragment("two", [operation]))).toMatchObject({ code, message: expect.stringContaining(message) as string });
  });

  test("what another removed is told with its name", () => {
    expect(refusal(one, fragment("two", [{ op: "remove", target: "types/UTIL_INFO_RCD/MISC_ID" }])).message).toContain("(fragment one removed it)");
  });

  test("a fragment that is over another may change what that one did; over what is not below it, it is refused", () => {
    const two = fragment("two", [{ op: "add", to: "types/CLOCK_RCD", value: field("TWO") }, { op: "remove", target: "types/CLOCK_RCD/ONE" }], { over: ["one"] });
    expect(apply(one, two).originOf("types/CLOCK_RCD/TWO")).toBe("two");
    expect(apply(one, two).originOf("types/CLOCK_RCD/ONE")).toBeUndefined();
    expect(refusal(two).message).toBe("Fragment two: is over one, which is not below it.");
    expect(refusal(one, one).message).toBe("Fragment one: has been applied already.");
    expect(() => combine([two], [one])).toThrow("two: is over one, which is applied after it");
  });
});

describe("[TDL-2] conditions", () => {
  const meter = { manufacturer: "MSMT", model: "IX-4S", firmware: [1, 20] } as const;

  test.each<[object, boolean]>([
    [{}, true],
    [{ manufacturer: "MSMT", model: "IX-4S" }, true],
    [{ manufacturer: "OTHR" }, false],
    [{ model: "RX-2S" }, false],
    [{ firmware: { from: "1.20" } }, true],
    [{ firmware: { from: "1.3", below: "1.21" } }, true],
    [{ firmware: { below: "1.20" } }, false],
    [{ firmware: { from: "2.0" } }, false],
  ])("%j holds for firmware 1.20 of an IX-4S: %s", (when, expected) => {
    expect(holdsFor(fragment("f", [], { when }), meter)).toBe(expected);
  });

  test("who asks without saying for which meter is told so", () => {
    expect(() => apply(fragment("f", [], { when: { model: "IX-4S" } }))).toThrow("whose table 1 it is to be held against was not said");
  });
});
