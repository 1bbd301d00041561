import type { CalendarReading, TierSwitch } from "./calendar-reading.ts";
import { dateOf, secondsOfDay, weekdayOf, type CivilDay, type CivilSeconds } from "./civil-date.ts";

/** Tiers from `second` of a day on, until the next span. */
export interface TierSpan {
  readonly second: number;
  readonly summationTier: number;
  readonly demandTier: number;
}

/** What a calendar has in force on one day of the meter's own clock. */
export interface DayPlan {
  readonly day: CivilDay;
  readonly season: number;
  /** 0–11; undefined on an ordinary day. */
  readonly special: number | undefined;
  readonly schedule: number;
  /** In order; the first begins at 0. */
  readonly spans: readonly TierSpan[];
}

/** Works out one day. A calendar that says nothing gives tier 0 of season 0. */
export function dayPlan(calendar: CalendarReading, day: CivilDay): DayPlan {
  const season = seasonOn(calendar, day);
  const special = specialOn(calendar, day);
  const schedules = calendar.seasons[season];
  const schedule = (special === undefined ? schedules?.weekdays[weekdayOf(day)] : schedules?.specials[special]) ?? 0;
  const switches = calendar.schedules.get(schedule) ?? [];
  const minutes = [...new Set([0, ...switches.map(({ minute }) => minute)])].sort((a, b) => a - b);
  const spans = minutes.map((minute) => ({
    second: minute * 60,
    summationTier: lastTier(switches, minute, (change) => change.summations),
    demandTier: lastTier(switches, minute, (change) => change.demands),
  }));
  return { day, season, special, schedule, spans };
}

/** The tiers of a day's plan at `clock`, a reading of that day. */
export function tiersAt(plan: DayPlan, clock: CivilSeconds): TierSpan {
  const ofDay = clock - plan.day * secondsOfDay;
  let span = plan.spans[0] ?? { second: 0, summationTier: 0, demandTier: 0 };
  for (const next of plan.spans) {
    if (next.second > ofDay) break;
    span = next;
  }
  return span;
}

/** A schedule begins at 00:00 (the configuration check demands it), so nothing is carried over from the day before. */
function lastTier(switches: readonly TierSwitch[], minute: number, concerns: (change: TierSwitch) => boolean): number {
  return switches.findLast((change) => change.minute <= minute && concerns(change))?.tier ?? 0;
}

/** The season of the latest selection, dated or yearly, on or before the day; the last one of the year holds over New Year. */
function seasonOn(calendar: CalendarReading, day: CivilDay): number {
  const { year } = dateOf(day);
  let latest = Number.NEGATIVE_INFINITY;
  let season = 0;
  for (const change of calendar.datedSeasons) {
    if (change.day <= day && change.day >= latest) [latest, season] = [change.day, change.season];
  }
  for (const change of calendar.yearlySeasons) {
    for (const inYear of [year - 1, year]) {
      const begins = Date.UTC(inYear, change.month - 1, change.day) / (1000 * secondsOfDay);
      if (begins <= day && begins > latest) [latest, season] = [begins, change.season];
    }
  }
  return season;
}

/** A dated entry goes before one that recurs. */
function specialOn(calendar: CalendarReading, day: CivilDay): number | undefined {
  const dated = calendar.datedSpecials.get(day);
  if (dated !== undefined) return dated;
  const date = dateOf(day);
  return calendar.yearlySpecials.get(date.month * 100 + date.day);
}
