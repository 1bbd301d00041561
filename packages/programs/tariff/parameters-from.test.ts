import { describe, expect, test } from "vitest";
import { ProgramsError } from "../errors.ts";
import { exampleJson, exampleParameters, type ExampleRate } from "../testing/example-files.ts";
import { importTariff } from "./import.ts";
import { parametersFrom } from "./parameters-from.ts";

function refusalOf(change: (answers: Record<string, unknown>) => void, rate: ExampleRate = "sce-gs-2-tou-b-single-phase"): ProgramsError {
  try {
    exampleParameters(rate, change);
  } catch (error) {
    if (error instanceof ProgramsError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("[BLD-1] parameters are in a form of no platform", () => {
  test("ET-2: two seasons, three schedules, registers for what flows both ways, no demand", () => {
    const { calendar, registers, demand, clock, program } = exampleParameters("aps-et-2-tou");
    expect(program).toEqual({ code: "ET-2", name: "Residential Service TOU Time Advantage 7PM-Noon (ET-2)", version: 3 });
    expect(calendar.seasons).toEqual([
      { name: "winter", starts: [{ month: 11, day: 1 }], weekday: 0, saturday: 1, sunday: 1, special: [1] },
      { name: "summer", starts: [{ month: 5, day: 1 }], weekday: 0, saturday: 1, sunday: 1, special: [1] },
    ]);
    expect(calendar.schedules[0]!.switches).toEqual([{ at: "00:00", tier: 0 }, { at: "12:00", tier: 1 }, { at: "19:00", tier: 0 }]);
    expect(registers).toEqual({ energy: ["kWh-delivered", "kWh-received"], demand: [] });
    expect(demand).toBeUndefined();
    expect(clock.zone).toBe("America/Phoenix");
  });

  test("the demand interval comes from the record, or else from the answer", () => {
    expect(exampleParameters("entergy-ar-lps-tou").demand).toEqual({ intervalMinutes: 15 });
    expect(exampleParameters("sce-gs-2-tou-b-single-phase").demand).toEqual({ intervalMinutes: 15 });
  });

  test("a change of tier may be moved off the full hour, for one season or all", () => {
    const { calendar } = exampleParameters("sce-gs-2-tou-b-single-phase", (answers) => (answers["subHourEdges"] = [{ at: "08:00", is: "08:30", season: "summer" }]));
    const summer = calendar.schedules[calendar.seasons[1]!.weekday]!;
    const winter = calendar.schedules[calendar.seasons[0]!.weekday]!;
    expect(summer.switches[1]!.at).toBe("08:30");
    expect(winter.switches[1]!.at).toBe("08:00");
  });

  test("a flat rate has one season and one tier", () => {
    const flat = { ...exampleJson("aps-et-2-tou") };
    const zeros = Array.from({ length: 12 }, () => Array.from({ length: 24 }, () => 0));
    flat["energyweekdayschedule"] = zeros;
    flat["energyweekendschedule"] = zeros;
    const answers = exampleJson("aps-et-2-tou.answers");
    const { calendar } = parametersFrom(importTariff(flat, "flat.json"), answers);
    expect(calendar.tiers).toEqual(["all hours"]);
    expect(calendar.seasons.map(({ name, starts }) => ({ name, starts }))).toEqual([{ name: "all year", starts: [{ month: 1, day: 1 }] }]);
  });
});

describe("[BLD-1] what is not answered or not sensible is refused, with the field", () => {
  test.each<[string, (answers: Record<string, unknown>) => void, string]>([
    ["no clock", (answers) => delete answers["clock"], "clock"],
    ["no holidays said", (answers) => delete answers["holidays"], "holidays"],
    ["an unknown answer", (answers) => (answers["holiday"] = []), "holiday"],
    ["no demand interval for a tariff that bills demand", (answers) => delete answers["demandIntervalMinutes"], "demandIntervalMinutes"],
    ["whether seasons begin on the first", (answers) => delete answers["seasonStarts"], "seasonStarts"],
    ["an edge where no tier changes", (answers) => (answers["subHourEdges"] = [{ at: "05:00", is: "05:30" }]), "subHourEdges[0].at"],
    ["an edge in a season that is none", (answers) => (answers["subHourEdges"] = [{ at: "08:00", is: "08:30", season: "autumn" }]), "subHourEdges[0].season"],
    ["an edge an hour away", (answers) => (answers["subHourEdges"] = [{ at: "08:00", is: "12:00" }]), "subHourEdges[0].is"],
    ["a season that begins in another month", (answers) => (answers["seasonStarts"] = [{ month: 4, day: 2 }]), "seasonStarts[0].month"],
    ["a code too long for the meter", (answers) => (answers["program"] = { code: "GS-2-TOU-B" }), "program.code"],
  ])("%s", (_, change, field) => {
    const error = refusalOf((answers) => void change(answers));
    expect(error.code).toBe("answers-invalid");
    expect(error.findings.map((finding) => finding.field)).toContain(field);
  });

  test.each<[string, (answers: Record<string, unknown>) => void, string, RegExp]>([
    ["a zone that does not exist", (answers) => (answers["clock"] = { mode: "prevailing", zone: "Mars/Olympus", tariffHours: "prevailing" }), "clock.zone", /is not a time zone/],
    ["a clock that the hours do not fit", (answers) => (answers["clock"] = { mode: "standard", zone: "America/Los_Angeles", tariffHours: "prevailing" }), "clock.mode", /hours are prevailing time/],
    ["UTC where the hours are local", (answers) => (answers["clock"] = { mode: "utc", zone: "America/Phoenix", tariffHours: "standard" }), "clock.mode", /would show UTC/],
    ["a zone whose clock changes at differing hours", (answers) => (answers["clock"] = { mode: "prevailing", zone: "Europe/Berlin", tariffHours: "prevailing" }), "clock.zone", /differing hours/],
    ["years in the wrong order", (answers) => (answers["years"] = { first: 2030, last: 2026 }), "calendar.years", /before the first/],
    ["a season that begins on 31 June", (answers) => (answers["seasonStarts"] = [{ month: 6, day: 31 }]), "calendar.seasons", /no day 31 in month 6/],
  ])("%s", (_, change, field, message) => {
    const error = refusalOf((answers) => void change(answers));
    expect(error.code).toBe("parameters-invalid");
    expect(error.findings[0]!.field).toContain(field);
    expect(error.message).toMatch(message);
  });

  test("an interval that contradicts the record's demandwindow", () => {
    const error = refusalOf((answers) => (answers["demandIntervalMinutes"] = 30), "entergy-ar-lps-tou");
    expect(error.message).toContain("demandIntervalMinutes: 30 minutes, but the tariff's demandwindow is 15");
  });

  test("Arizona may run standard or prevailing time: they are the same", () => {
    expect(() => exampleParameters("aps-et-2-tou", (answers) => (answers["clock"] = { mode: "standard", zone: "America/Phoenix", tariffHours: "prevailing" }))).not.toThrow();
  });
});
