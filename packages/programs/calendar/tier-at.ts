import type { Calendar, DaySchedule } from "./calendar.ts";
import { civilDate, dayNumber, parseIsoDate, weekdayOf, type DayNumber } from "./civil-date.ts";
import { ProgramsError } from "../errors.ts";

/** What a calendar says of one minute. Without separate tiers `demandTier` equals `tier`. */
export interface TierState {
  readonly season: number;
  /** The tier of energy (summation) registers, 0–7. */
  readonly tier: number;
  readonly demandTier: number;
  /** Index in `calendar.schedules`. */
  readonly schedule: number;
  /** The special schedule in force, or null on an ordinary day. */
  readonly special: number | null;
}

/** `at`: the meter's own wall clock, `2026-11-21T07:05` (seconds are allowed and ignored), without zone. */
export function tierAt(calendar: Calendar, at: string): TierState {
  const time = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)(?::\d{2})?$/.exec(at);
  const day = parseIsoDate(time?.[1] ?? "");
  if (!time || day === undefined) {
    throw new ProgramsError("parameters-invalid", `"${at.slice(0, 40)}" is not a local time like 2026-11-21T07:05`, { kind: "misuse" });
  }
  return tierOn(calendar, day, Number(time[2]) * 60 + Number(time[3]));
}

/** As `tierAt`, for a day and a minute of the day. */
export function tierOn(calendar: Calendar, day: DayNumber, minute: number): TierState {
  const today = dayOf(calendar, day);
  return {
    ...today,
    tier: tierFrom(calendar, day, minute, "demand"),
    demandTier: tierFrom(calendar, day, minute, "energy"),
  };
}

/** The season and the schedule of a day. */
export function dayOf(calendar: Calendar, day: DayNumber): Pick<TierState, "season" | "schedule" | "special"> {
  const season = seasonOn(calendar, day);
  const special = specialOn(calendar, day);
  const row = calendar.seasons[season];
  if (!row) throw new ProgramsError("tables-unreadable", `the calendar has no season ${season}; it has ${calendar.seasons.length}`);
  const weekday = weekdayOf(day);
  const ordinary = weekday === 6 ? row.saturday : weekday === 0 ? row.sunday : row.weekday;
  return { season, special, schedule: special === null ? ordinary : (row.special[special] ?? ordinary) };
}

function seasonOn(calendar: Calendar, day: DayNumber): number {
  const { year } = civilDate(day);
  let season = 0;
  let since = Number.NEGATIVE_INFINITY;
  for (const start of calendar.seasonStarts) {
    const thisYear = dayNumber(year, start.month, start.day);
    const began = thisYear <= day ? thisYear : dayNumber(year - 1, start.month, start.day);
    if (began > since) [season, since] = [start.season, began];
  }
  for (const entry of calendar.dated) {
    if (entry.action !== "season") continue;
    const began = parseIsoDate(entry.date);
    if (began !== undefined && began <= day && began >= since) [season, since] = [entry.season, began];
  }
  return season;
}

function specialOn(calendar: Calendar, day: DayNumber): number | null {
  const { year, month, day: dayOfMonth } = civilDate(day);
  const date = `${year}-${String(month).padStart(2, "0")}-${String(dayOfMonth).padStart(2, "0")}`;
  for (const entry of calendar.dated) if (entry.action === "special" && entry.date === date) return entry.special;
  return null;
}

const daysBack = 8;

function tierFrom(calendar: Calendar, day: DayNumber, minute: number, ignored: "energy" | "demand"): number {
  let before = minute;
  for (let back = 0; back <= daysBack; back++) {
    const schedule = calendar.schedules[dayOf(calendar, day - back).schedule];
    const found = schedule === undefined ? undefined : lastSwitch(schedule, before, ignored);
    if (found !== undefined) return found;
    before = 1439;
  }
  return 0;
}

function lastSwitch(schedule: DaySchedule, minute: number, ignored: "energy" | "demand"): number | undefined {
  let tier: number | undefined;
  for (const change of schedule.switches) {
    if (change.minute > minute) break;
    if (change.applies !== ignored) tier = change.tier;
  }
  return tier;
}
