import { describe, expect, test } from "vitest";
import { exampleParameters } from "../testing/example-files.ts";
import { readParameters } from "./read-parameters.ts";
import type { Parameters } from "./schema.ts";
import { validateParameters } from "./validate.ts";

function edited(edit: (parameters: Parameters) => void): Parameters {
  const parameters = structuredClone(exampleParameters("sce-gs-2-tou-b-single-phase"));
  edit(parameters);
  return parameters;
}

describe("[BLD-1] references that lead nowhere and contradictions are findings on their field", () => {
  test.each<[string, (parameters: Parameters) => void, string, RegExp]>([
    ["a schedule without its first tier", ({ calendar }) => calendar.schedules[0]!.switches.shift(), "calendar.schedules[0].switches", /does not say the tier at 00:00/],
    ["two tiers at one minute", ({ calendar }) => (calendar.schedules[0]!.switches[1]!.at = "00:00"), "calendar.schedules[0].switches[1].at", /switches twice at 00:00/],
    ["a tier that has no name", ({ calendar }) => (calendar.schedules[0]!.switches[0]!.tier = 5), "calendar.schedules[0].switches[0].tier", /there is no tier 5; the tiers are 0–2/],
    ["a schedule that is none", ({ calendar }) => (calendar.seasons[1]!.sunday = 9), "calendar.seasons[1].sunday", /there is no schedule 9/],
    ["a special day that is none", ({ calendar }) => (calendar.holidays[0]!.special = 3), "calendar.holidays[0].special", /there is no special day 3/],
    ["a season without a schedule for the special day", ({ calendar }) => (calendar.seasons[0]!.special = []), "calendar.seasons[0].special", /0 schedules for 1 special days/],
    ["two seasons on one day", ({ calendar }) => (calendar.seasons[1]!.starts = calendar.seasons[0]!.starts), "calendar.seasons[1].starts[0]", /start on the same day/],
    ["a season that begins on 29 February", ({ calendar }) => (calendar.seasons[1]!.starts = [{ month: 2, day: 29 }]), "calendar.seasons[1].starts[0]", /no day 29 in month 2 of every year/],
    ["a holiday on 31 April", ({ calendar }) => (calendar.holidays[0]!.rule = { kind: "fixed", month: 4, day: 31 }), "calendar.holidays[0].rule.day", /no day 31 in month 4/],
    ["energy among the demands", ({ registers }) => registers.demand.push("kWh-net"), "registers.demand[1]", /kWh-net is no demand/],
    ["a register twice", ({ registers }) => registers.energy.push("kWh-delivered"), "registers.energy[1]", /listed twice/],
    ["a lifetime of years", ({ calendar }) => (calendar.years = { first: 2026, last: 2080 }), "calendar.years", /55 years; at most 30/],
  ])("%s", (_, edit, field, message) => {
    const findings = validateParameters(edited((parameters) => void edit(parameters)));
    expect(findings.map((finding) => finding.field)).toContain(field);
    expect(findings.find((finding) => finding.field === field)!.message).toMatch(message);
  });

  test("the examples have no findings", () => expect(validateParameters(edited(() => {}))).toEqual([]));
});

test("[BLD-1] stored parameters are read back unchanged; another format is refused by name", () => {
  const parameters = edited(() => {});
  expect(readParameters(JSON.parse(JSON.stringify(parameters)), "gs-2.json")).toEqual(parameters);
  expect(() => readParameters({ ...parameters, format: "metersmith-parameters-2" }, "gs-2.json")).toThrow(/^gs-2\.json: format: .*metersmith-parameters-1/);
});
