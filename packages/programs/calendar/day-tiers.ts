import type { Calendar } from "./calendar.ts";
import type { DayNumber } from "./civil-date.ts";
import { dayOf, tierOn, type TierState } from "./tier-at.ts";

export const minutesOfDay = 1440;

/** A day of a calendar, minute by minute of the meter's clock. The arrays have 1440 tiers each, are shared between days, and are not to be changed. */
export interface DayTiers extends Pick<TierState, "season" | "schedule" | "special"> {
  /** Tiers of energy registers. */
  readonly energy: Uint8Array;
  /** Tiers of demand registers; as those of energy where the meter does not tell them apart. */
  readonly demand: Uint8Array;
}

/** How a schedule fills a day that begins in a given tier, each worked out once: the fast form of `tierOn` for whoever asks for every minute. */
export class ScheduleMinutes {
  readonly #calendar: Calendar;
  readonly #known = new Map<string, Uint8Array>();

  constructor(calendar: Calendar) {
    this.#calendar = calendar;
  }

  /** `before`: the tier that held at midnight. A schedule that is none leaves it. */
  of(schedule: number | undefined, before: number, registers: "energy" | "demand" = "energy"): Uint8Array {
    const key = `${registers}/${schedule}/${before}`;
    const known = this.#known.get(key);
    if (known) return known;
    const tiers = new Uint8Array(minutesOfDay).fill(before);
    for (const { minute, tier, applies } of (schedule === undefined ? undefined : this.#calendar.schedules[schedule]?.switches) ?? []) {
      if (applies === "both" || applies === registers) tiers.fill(tier, minute);
    }
    this.#known.set(key, tiers);
    return tiers;
  }
}

/** Days of a calendar, in any order. Throws `tables-unreadable` for a day whose season is none. */
export function dayTiers(calendar: Calendar): (day: DayNumber) => DayTiers {
  const minutes = new ScheduleMinutes(calendar);
  return (day) => {
    const today = dayOf(calendar, day);
    const before = tierOn(calendar, day - 1, minutesOfDay - 1);
    return { ...today, energy: minutes.of(today.schedule, before.tier), demand: minutes.of(today.schedule, before.demandTier, "demand") };
  };
}
