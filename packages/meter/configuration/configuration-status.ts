import type { CalendarReading } from "../time/calendar-reading.ts";

/** Bits of ED_STD_STATUS1 in table 3 that follow from the configuration, with the reasons in words. */
export interface ConfigurationStatus {
  readonly unprogrammed: boolean;
  /** Not empty: CONFIGURATION_ERROR. */
  readonly problems: readonly string[];
}

/** What of the configuration is judged together. */
export interface ConfigurationFacts {
  readonly tariffId: string;
  readonly calendar: CalendarReading;
  readonly tiers: number;
  readonly specials: number;
  readonly daylightMinutes: number;
  readonly summations: readonly SelectionFact[];
  readonly demands: readonly SelectionFact[];
}

export interface SelectionFact {
  readonly field: string;
  /** The source that is selected, `none` for 255. */
  readonly source: number | "none";
  /** Whether that source exists with a unit of measure. */
  readonly measured: boolean;
  readonly intervalMinutes: number | undefined;
}

/**
 * Judges the whole configuration, after each write: a program is several tables, and between them the meter says
 * CONFIGURATION_ERROR. Unprogrammed means that identity, calendar or selection is still missing; all three missing is no error.
 */
export function configurationStatus(facts: ConfigurationFacts): ConfigurationStatus {
  const missing: string[] = [];
  if (facts.tariffId === "") missing.push("table 6 names no program (TARIFF_ID is blank)");
  if (facts.calendar.schedules.size === 0) missing.push("table 54 has no tier switch");
  if (facts.summations.every((selection) => selection.source === "none")) missing.push("table 22 selects no summation");
  if (missing.length === 3) return { unprogrammed: true, problems: [] };
  return { unprogrammed: missing.length > 0, problems: [...missing, ...calendarProblems(facts), ...selectionProblems(facts)] };
}

function selectionProblems(facts: ConfigurationFacts): string[] {
  const problems: string[] = [];
  for (const selection of [...facts.summations, ...facts.demands]) {
    if (selection.source !== "none" && !selection.measured) problems.push(`${selection.field} selects source ${selection.source}, which has no unit of measure`);
  }
  for (const { field, source, intervalMinutes } of facts.demands) {
    if (source === "none") continue;
    if (intervalMinutes === undefined) problems.push(`${field} selects source ${source}, which has no demand interval`);
    else if (intervalMinutes < 1 || 60 % intervalMinutes !== 0) problems.push(`${field}: a demand interval of ${intervalMinutes} minutes does not divide the hour`);
  }
  return problems;
}

function calendarProblems({ calendar, tiers, specials, daylightMinutes }: ConfigurationFacts): string[] {
  const problems = [...calendar.problems];
  if (calendar.schedules.size === 0) return problems;
  const seasonsInUse = new Set([...calendar.datedSeasons, ...calendar.yearlySeasons].map(({ season }) => season));
  if (calendar.yearlySeasons.length === 0) seasonsInUse.add(0);
  const specialsInUse = new Set([...calendar.datedSpecials.values(), ...calendar.yearlySpecials.values()]);
  for (const special of specialsInUse) if (special >= specials) problems.push(`the calendar selects special schedule ${special}; this meter has ${specials}`);
  const schedulesInUse = new Set<number>();
  for (const season of seasonsInUse) {
    const schedules = calendar.seasons[season];
    if (!schedules) {
      problems.push(`the calendar selects season ${season}; this meter has ${calendar.seasons.length}`);
      continue;
    }
    for (const schedule of schedules.weekdays) schedulesInUse.add(schedule);
    for (const special of specialsInUse) {
      const schedule = schedules.specials[special];
      if (schedule !== undefined) schedulesInUse.add(schedule);
    }
  }
  for (const schedule of schedulesInUse) {
    const switches = calendar.schedules.get(schedule) ?? [];
    const atMidnight = switches.filter((change) => change.minute === 0);
    if (!atMidnight.some((change) => change.summations) || !atMidnight.some((change) => change.demands)) {
      problems.push(`day schedule ${schedule} is in use and has no tier switch at 00:00`);
    }
    for (const change of switches) if (change.tier >= tiers) problems.push(`day schedule ${schedule} selects tier ${change.tier}; this meter has ${tiers}`);
  }
  if (calendar.daylight.length > 0 && daylightMinutes === 0) problems.push("the calendar switches daylight saving, and table 53 gives it 0 minutes");
  return problems;
}
