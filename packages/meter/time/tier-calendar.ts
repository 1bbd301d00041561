import type { CalendarReading } from "./calendar-reading.ts";
import { dayOf, secondsOfDay, type CivilDay, type CivilSeconds } from "./civil-date.ts";
import { dayPlan, type DayPlan } from "./time-of-use.ts";

/** Days that are kept worked out: those of meters that measure side by side, with one that lags behind. */
const mostDays = 8;

/** What a calendar has in force, day by day. A day is worked out once for all meters that follow the calendar. */
export class TierCalendar {
  readonly #calendar: CalendarReading;
  readonly #plans = new Map<CivilDay, DayPlan>();
  #latest: DayPlan | undefined;

  constructor(calendar: CalendarReading) {
    this.#calendar = calendar;
  }

  /** The plan of the day in which the clock shows `clock`. */
  dayAt(clock: CivilSeconds): DayPlan {
    const day = dayOf(clock);
    if (this.#latest?.day === day) return this.#latest;
    return (this.#latest = this.#plans.get(day) ?? this.#workedOut(day));
  }

  #workedOut(day: CivilDay): DayPlan {
    const plan = dayPlan(this.#calendar, day);
    const [oldest] = this.#plans.keys();
    if (oldest !== undefined && this.#plans.size >= mostDays) this.#plans.delete(oldest);
    this.#plans.set(day, plan);
    return plan;
  }
}

/** Seconds from `clock` until the plan changes a tier or its day ends; at least 1. */
export function untilPlanChanges(plan: DayPlan, clock: CivilSeconds): number {
  const ofDay = clock - plan.day * secondsOfDay;
  for (const { second } of plan.spans) if (second > ofDay) return second - ofDay;
  return secondsOfDay - ofDay;
}
