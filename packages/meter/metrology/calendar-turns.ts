import type { Configuration } from "../configuration/configuration.ts";
import { weekdayOf, type CivilSeconds } from "../time/civil-date.ts";
import type { DayPlan } from "../time/time-of-use.ts";
import { resetDemand } from "./demand-reset.ts";
import type { MeasuredState } from "./measured-state.ts";
import { head } from "./register-layout.ts";
import { selfRead } from "./self-reads.ts";

/** The clock shows `seconds`, a time of `plan`'s day: another day or another season begins what tables 21 and 51 say. Answers whether one has begun. */
export function enterDay(state: MeasuredState, plan: DayPlan, seconds: CivilSeconds, configuration: Configuration): boolean {
  const [day, season] = [state.get(head.day), state.get(head.season)];
  if (day === plan.day && season === plan.season) return false;
  state.set(head.day, plan.day);
  state.set(head.season, plan.season);
  const { selfReads } = configuration;
  const newDay = plan.day > day;
  const newWeek = newDay && (weekdayOf(plan.day) === 0 || plan.day - day >= 7);
  const newSeason = !Number.isNaN(season) && season !== plan.season;
  if (newSeason) state.snapshot(state.layout.previousSeason, seconds, season, 0);
  if ((selfReads.daily && newDay) || (selfReads.weekly && newWeek) || (selfReads.atSeason && newSeason)) selfRead(state, seconds, Number.isNaN(season) ? plan.season : season);
  if (newSeason && selfReads.seasonResets) resetDemand(state, seconds, season, configuration);
  return newDay || newSeason;
}
