import type { FieldValue } from "@metersmith/tables";
import { listIn, member, numberIn, textIn } from "../tree-access.ts";
import { civilDay, type CivilDay } from "./civil-date.ts";

/** CALENDAR_CTRL of a calendar action. Source: facts ST54 (a third-party dump decoded; one driver agrees). */
type CalendarControl =
  | { readonly kind: "none" | "dst-on" | "dst-off" | "end-of-list" }
  | { readonly kind: "season"; readonly season: number }
  | { readonly kind: "special"; readonly special: number };

export interface TierSwitch {
  /** Minutes from 00:00, 0–1439. */
  readonly minute: number;
  readonly tier: number;
  /** Which registers it switches; both where the model does not tell them apart. */
  readonly summations: boolean;
  readonly demands: boolean;
}

/** Schedule numbers of one season by kind of day. */
export interface SeasonSchedules {
  /** By day of week, 0 Sunday … 6 Saturday. */
  readonly weekdays: readonly number[];
  readonly specials: readonly number[];
}

/** Table 54 as this meter understands it. */
export interface CalendarReading {
  /** Daylight saving on and off, in order of their day. */
  readonly daylight: readonly { readonly day: CivilDay; readonly on: boolean }[];
  readonly datedSeasons: readonly { readonly day: CivilDay; readonly season: number }[];
  readonly yearlySeasons: readonly { readonly month: number; readonly day: number; readonly season: number }[];
  readonly datedSpecials: ReadonlyMap<CivilDay, number>;
  /** Key: month × 100 + day. */
  readonly yearlySpecials: ReadonlyMap<number, number>;
  readonly schedules: ReadonlyMap<number, readonly TierSwitch[]>;
  readonly seasons: readonly SeasonSchedules[];
  /** What the meter cannot follow, in words. Any makes a configuration error. */
  readonly problems: readonly string[];
}

/** DAY_SCH_NUM of a tier switch that is not in use. Ours: the standard leaves unused entries to the manufacturer. */
const unusedSchedule = 255;

function controlOf(action: FieldValue | undefined): CalendarControl {
  const code = numberIn(action, "CALENDAR_CTRL");
  if (code === 0) return { kind: "none" };
  if (code === 1) return { kind: "dst-on" };
  if (code === 2) return { kind: "dst-off" };
  if (code <= 18) return { kind: "season", season: code - 3 };
  if (code <= 30) return { kind: "special", special: code - 19 };
  return { kind: "end-of-list" };
}

/** Reads a decoded table 54. `separateRegisters`: table 51 SEPARATE_SUM_DEMANDS. Never throws: what it cannot follow is a problem. */
export function readCalendar(calendar: FieldValue, separateRegisters: boolean): CalendarReading {
  const problems: string[] = [];
  const daylight: { day: CivilDay; on: boolean }[] = [];
  const datedSeasons: { day: CivilDay; season: number }[] = [];
  const datedSpecials = new Map<CivilDay, number>();
  for (const [index, entry] of listIn(calendar, "NON_RECURR_DATES").entries()) {
    const control = controlOf(member(entry, "CALENDAR_ACTION"));
    if (control.kind === "end-of-list") break;
    const text = textIn(entry, "NON_RECURR_DATE");
    const day = dayOfText(text);
    if (day === undefined) {
      problems.push(`NON_RECURR_DATES[${index}] has no valid date (${text || "empty"})`);
      continue;
    }
    if (control.kind === "dst-on" || control.kind === "dst-off") daylight.push({ day, on: control.kind === "dst-on" });
    if (control.kind === "season") datedSeasons.push({ day, season: control.season });
    if (control.kind === "special") {
      if (datedSpecials.has(day)) problems.push(`NON_RECURR_DATES[${index}] selects a second special schedule for ${text}`);
      else datedSpecials.set(day, control.special);
    }
  }
  const yearlySeasons: { month: number; day: number; season: number }[] = [];
  const yearlySpecials = new Map<number, number>();
  for (const [index, entry] of listIn(calendar, "RECURR_DATES").entries()) {
    const control = controlOf(member(entry, "CALENDAR_ACTION"));
    if (control.kind === "end-of-list") break;
    const rdate = member(entry, "RECURR_DATE");
    const [month, day] = [numberIn(rdate, "MONTH"), numberIn(rdate, "DAY")];
    // 2024 is a leap year: 29 February may recur.
    const simple = numberIn(rdate, "OFFSET") === 0 && numberIn(rdate, "WEEKDAY") === 0 && civilDay(2024, month, day) !== undefined;
    if (!simple || month === 0) {
      problems.push(`RECURR_DATES[${index}] is no month and day (month ${month}, day ${day}); this meter follows no other form`);
      continue;
    }
    if (control.kind === "season") yearlySeasons.push({ month, day, season: control.season });
    if (control.kind === "special") yearlySpecials.set(month * 100 + day, control.special);
    if (control.kind === "dst-on" || control.kind === "dst-off") problems.push(`RECURR_DATES[${index}] switches daylight saving on a fixed day; this meter takes that from dated entries only`);
  }
  daylight.sort((a, b) => a.day - b.day);
  return {
    daylight, datedSeasons, yearlySeasons, datedSpecials, yearlySpecials, problems,
    schedules: readSchedules(listIn(calendar, "TIER_SWITCHES"), separateRegisters, problems),
    seasons: listIn(calendar, "DAILY_SCHEDULE_ID_MATRIX").map(readSeason),
  };
}

function dayOfText(text: string): CivilDay | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  return match ? civilDay(Number(match[1]), Number(match[2]), Number(match[3])) : undefined;
}

function readSchedules(entries: readonly FieldValue[], separateRegisters: boolean, problems: string[]): Map<number, TierSwitch[]> {
  const schedules = new Map<number, TierSwitch[]>();
  for (const [index, entry] of entries.entries()) {
    const schedule = numberIn(entry, "DAY_SCH_NUM");
    if (schedule === unusedSchedule) continue;
    const bits = member(entry, "TIER_SWITCH");
    const [hour, minute] = [numberIn(bits, "SWITCH_HOUR"), numberIn(bits, "SWITCH_MIN")];
    if (hour > 23 || minute > 59) {
      problems.push(`TIER_SWITCHES[${index}] is at ${hour}:${minute}`);
      continue;
    }
    const switches = schedules.get(schedule) ?? [];
    switches.push({
      minute: hour * 60 + minute,
      tier: numberIn(bits, "NEW_TIER"),
      summations: !separateRegisters || numberIn(bits, "SUMMATION_SWITCH_FLAG") === 1,
      demands: !separateRegisters || numberIn(bits, "DEMANDS_SWITCH_FLAG") === 1,
    });
    schedules.set(schedule, switches);
  }
  for (const switches of schedules.values()) switches.sort((a, b) => a.minute - b.minute);
  return schedules;
}

function readSeason(entry: FieldValue): SeasonSchedules {
  const saturday = numberIn(entry, "SATURDAY_SCHEDULE");
  const sunday = numberIn(entry, "SUNDAY_SCHEDULE");
  const weekday = member(entry, "WEEKDAY_SCHEDULE") === undefined ? undefined : numberIn(entry, "WEEKDAY_SCHEDULE");
  const named = (day: string): number => weekday ?? numberIn(entry, `${day}_SCHEDULE`);
  return {
    weekdays: [sunday, named("MONDAY"), named("TUESDAY"), named("WEDNESDAY"), named("THURSDAY"), named("FRIDAY"), saturday],
    specials: listIn(entry, "SPECIAL_SCHEDULE").map((special) => numberIn(special)),
  };
}
