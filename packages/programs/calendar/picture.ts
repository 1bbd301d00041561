import { mostTiers, type Calendar } from "./calendar.ts";
import { dayNumber, daysInMonth, weekdayOf } from "./civil-date.ts";
import { ScheduleMinutes } from "./day-tiers.ts";
import { dayOf, tierOn } from "./tier-at.ts";

/** One month and hour of a kind of day: the tier that holds longest, and whether another one holds there too. */
export interface PictureCell {
  readonly tier: number;
  readonly mixed: boolean;
}

/** `[month 0–11][hour 0–23]`. */
export type PictureGrid = readonly (readonly PictureCell[])[];

/** A year of the calendar at a glance. `special` has a grid for each special schedule, as it would run in that month. */
export interface CalendarPicture {
  readonly year: number;
  readonly weekday: PictureGrid;
  readonly saturday: PictureGrid;
  readonly sunday: PictureGrid;
  readonly special: readonly PictureGrid[];
  /** Tiers that occur, ascending. */
  readonly tiers: readonly number[];
}

/** Holidays and other special days are left out of the ordinary grids. Hours are those of the meter's clock; tiers those of energy. */
export function calendarPicture(calendar: Calendar, year: number): CalendarPicture {
  const profiles = new Profiles(calendar);
  const kinds = ["weekday", "saturday", "sunday"] as const;
  const grids = { weekday: [] as PictureCell[][], saturday: [] as PictureCell[][], sunday: [] as PictureCell[][] };
  const specials: PictureCell[][][] = Array.from({ length: calendar.seasons[0]?.special.length ?? 0 }, () => []);
  const used = new Set<number>();
  for (let month = 1; month <= 12; month++) {
    const minutes = { weekday: new HourTally(), saturday: new HourTally(), sunday: new HourTally() };
    const specialMinutes = specials.map(() => new HourTally());
    for (let date = 1; date <= daysInMonth(year, month); date++) {
      const day = dayNumber(year, month, date);
      const { season, schedule, special } = dayOf(calendar, day);
      const before = tierOn(calendar, day - 1, 1439).tier;
      specialMinutes.forEach((tally, number) => tally.add(profiles.of(calendar.seasons[season]?.special[number], before)));
      const weekday = weekdayOf(day);
      const kind = weekday === 6 ? "saturday" : weekday === 0 ? "sunday" : "weekday";
      if (special === null) minutes[kind].add(profiles.of(schedule, before));
    }
    for (const kind of kinds) grids[kind].push(minutes[kind].cells(used));
    specialMinutes.forEach((tally, number) => specials[number]?.push(tally.cells(used)));
  }
  return { year, ...grids, special: specials, tiers: [...used].sort((a, b) => a - b) };
}

/** `[hour × 8 + tier]`: minutes. */
type HourMinutes = Uint32Array;

/** How a schedule fills the hours of a day that begins in a given tier; each worked out once. */
class Profiles {
  readonly #minutes: ScheduleMinutes;
  readonly #known = new Map<Uint8Array, HourMinutes>();

  constructor(calendar: Calendar) {
    this.#minutes = new ScheduleMinutes(calendar);
  }

  of(schedule: number | undefined, before: number): HourMinutes {
    const tiers = this.#minutes.of(schedule, before);
    const known = this.#known.get(tiers);
    if (known) return known;
    const minutes = new Uint32Array(24 * mostTiers);
    tiers.forEach((tier, minute) => {
      const at = Math.floor(minute / 60) * mostTiers + (tier % mostTiers);
      minutes[at] = (minutes[at] ?? 0) + 1;
    });
    this.#known.set(tiers, minutes);
    return minutes;
  }
}

class HourTally {
  readonly #minutes: HourMinutes = new Uint32Array(24 * mostTiers);

  add(day: HourMinutes): void {
    day.forEach((minutes, at) => (this.#minutes[at] = (this.#minutes[at] ?? 0) + minutes));
  }

  cells(used: Set<number>): PictureCell[] {
    return Array.from({ length: 24 }, (_, hour) => {
      const counts = this.#minutes.subarray(hour * mostTiers, (hour + 1) * mostTiers);
      let longest = 0;
      let present = 0;
      counts.forEach((minutes, tier) => {
        if (minutes === 0) return;
        present++;
        used.add(tier);
        if (minutes > (counts[longest] ?? 0)) longest = tier;
      });
      return { tier: longest, mixed: present > 1 };
    });
  }
}
