import { describe, expect, test } from "vitest";
import { dayTiers } from "../calendar/day-tiers.ts";
import { parseIsoDate } from "../calendar/civil-date.ts";
import { meterClock, wallClock } from "../calendar/meter-clock.ts";
import { Zone } from "../calendar/zone.ts";
import { ProgramsError } from "../errors.ts";
import { parametersFromImages } from "../reverse/from-tables.ts";
import { exampleJson, exampleParameters, exampleRates, type ExampleRate } from "../testing/example-files.ts";
import { independentDays, wallCalendar, wallClockOf, wallEdges, wallZones } from "../testing/independent-reading.ts";
import { deviceType, deviceTypeIds, type DeviceTypeId } from "../testing/plug-ins.ts";
import { buildProgram, type Build } from "./build.ts";

const types = new Map(deviceTypeIds.map((id) => [id, deviceType(id)]));

/** Every full hour of universal time in a year, with what a wall clock shows then. */
function wallHours(rate: ExampleRate, year: 2026 | 2028): ReadonlyMap<number, string> {
  const { standardHours, daylight } = wallZones[rate];
  const hours = new Map<number, string>();
  for (let at = Date.UTC(year, 0, 1, 12); at < Date.UTC(year, 11, 31, 12); at += 3_600_000) {
    hours.set(at, daylight ? wallClockOf(at, standardHours) : new Date(at + standardHours * 3_600_000).toISOString().slice(0, 16));
  }
  return hours;
}

/** The build, or the fields that the type cannot hold. */
function outcome(rate: ExampleRate, id: DeviceTypeId): Build | readonly string[] {
  try {
    return buildProgram(types.get(id)!, exampleParameters(rate));
  } catch (error) {
    if (!(error instanceof ProgramsError) || error.code !== "exceeds-limit") throw error;
    return error.findings.map(({ field }) => field);
  }
}

/** What a type cannot hold, by rate; a rate that is not named builds. Water and gas hold no rate of these: they measure volume. */
const refused: Readonly<Record<"rx-2s" | "ix-4s" | "px-9s", Partial<Record<ExampleRate, readonly string[]>>>> = {
  "rx-2s": {
    "dominion-va-gs-3": ["registers.demand", "registers.demand", "registers.demand[1]"],
    "entergy-ar-lps-tou": ["calendar.years"],
    "pge-e-19-secondary-tou-demand": ["calendar.years"],
    "sce-gs-2-tou-b-single-phase": ["calendar.years"],
  },
  "ix-4s": {},
  "px-9s": {},
};

describe.each(["rx-2s", "ix-4s", "px-9s"] as const)("[BLD-2] every tariff in a %s", (id) => {
  test.each(exampleRates)("%s builds, or is refused with the fields that the type cannot hold", (rate) => {
    const made = outcome(rate, id);
    expect("writes" in made ? undefined : made).toEqual(refused[id][rate]);
  });

  test.each(exampleRates.filter((rate) => refused[id][rate] === undefined))("%s: the calendar decoded from the bytes gives, in every minute of a common and a leap year, the tier of an independent reading", (rate) => {
    const made = outcome(rate, id);
    if (!("writes" in made)) throw new Error("refused");
    const read = parametersFromImages(types.get(id)!, new Map(made.writes.map(({ table, bytes }) => [table, bytes])));
    const tiersOn = dayTiers(read.calendar!);
    for (const year of [2026, 2028] as const) {
      const wanted = independentDays(exampleJson(rate), new Set<string>(wallCalendar[rate][year]), wallEdges[rate]);
      let [today, day, tiers] = ["", tiersOn(0), wanted("2026-01-01")];
      // Clocks change at full hours: within an hour of universal time the minutes of the wall clock follow on each other.
      for (const local of wallHours(rate, year).values()) {
        const date = local.slice(0, 10);
        const from = Number(local.slice(11, 13)) * 60;
        if (date !== today) [today, day, tiers] = [date, tiersOn(parseIsoDate(date)!), wanted(date)];
        for (let minute = from; minute < from + 60; minute++) {
          if (day.energy[minute] !== tiers[minute] || day.demand[minute] !== tiers[minute]) expect.fail(`${date}, minute ${minute}: tier ${day.energy[minute]}, demand tier ${day.demand[minute]}, wanted ${tiers[minute]}`);
        }
      }
    }
  });
});

test.each(exampleRates)("%s: the clock that the program asks for shows, in every hour of both years, what a wall clock of the place shows", (rate) => {
  const { clock, calendar } = exampleParameters(rate);
  const shown = meterClock(clock, calendar.years);
  const zone = new Zone(clock.zone);
  for (const year of [2026, 2028] as const) {
    for (const [at, local] of wallHours(rate, year)) if (wallClock(shown, at, zone).slice(0, 16) !== local) expect.fail(`${local}: the clock shows ${wallClock(shown, at, zone)}`);
  }
});

test.each(["wx-1", "gx-1"] as const)("%s refuses every rate for electricity by its registers", (id) => {
  for (const rate of exampleRates) expect(outcome(rate, id)).toContain("registers.energy[0]");
});
