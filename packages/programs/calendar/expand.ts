import type { Parameters } from "../parameters/schema.ts";
import type { Calendar, DatedEntry } from "./calendar.ts";
import { holidayDates } from "./holidays.ts";
import { Zone, zoneYears } from "./zone.ts";

/** `07:30` → 450. */
export function minuteOfDay(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** 450 → `07:30`. */
export function timeOfDay(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/**
 * Rules become dates: holidays by their observance, and, where the meter's clock shows prevailing time, the zone's changes
 * of the clock. Dated entries run from the first to the last year covered; in a calendar that has any, it ends there.
 */
export function expandCalendar({ calendar, clock }: Pick<Parameters, "calendar" | "clock">): Calendar {
  const { first, last } = calendar.years;
  const dated: DatedEntry[] = [];
  if (clock.mode === "prevailing") {
    for (const { date, action } of zoneYears(new Zone(clock.zone), first, last).changes) dated.push({ date, action });
  }
  const taken = new Set<string>();
  for (const holiday of calendar.holidays) {
    for (const date of holidayDates(holiday, first, last)) {
      if (taken.has(date)) continue;
      taken.add(date);
      dated.push({ date, action: "special", special: holiday.special });
    }
  }
  dated.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  return {
    seasons: calendar.seasons.map(({ starts: _, ...season }) => season),
    schedules: calendar.schedules.map((schedule) => ({
      name: schedule.name,
      switches: schedule.switches
        .map(({ at, tier }) => ({ minute: minuteOfDay(at), tier, applies: "both" as const }))
        .sort((a, b) => a.minute - b.minute),
    })),
    seasonStarts: calendar.seasons
      .flatMap(({ starts }, season) => starts.map((start) => ({ ...start, season })))
      .sort((a, b) => a.month - b.month || a.day - b.day),
    dated,
    endsOn: dated.length === 0 ? null : `${last}-12-31`,
  };
}
