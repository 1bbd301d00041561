import { rangesOf, type CurrentRange } from "./current-ranges.ts";
import { recloserSees, shotSeconds, upstreamClearingSeconds, upstreamSafeSeconds } from "./device-times.ts";
import { largestFaultAmperes, type FaultKind } from "../study/referral.ts";
import type { Study } from "../study/study.ts";

/**
 * What becomes of a fault above the breaking current, between meter and main breaker: `effective` the recloser opens in its first shots before the transformer's
 * protection is touched, and the meter opens in the dead time · `fuse-first` the transformer's protection may act before: all its homes are out · `fuse-alone` the
 * recloser does not see it, the transformer's protection is sure to clear it · `nothing` nothing is · `unseen` the recloser opens, but the meter takes the current for load.
 */
export type FaultOutcome = "effective" | "fuse-first" | "fuse-alone" | "nothing" | "unseen";

/** The answer for one current. */
export function faultOutcome(study: Study, kind: FaultKind, amperes: number): FaultOutcome {
  if (!recloserSees(study, kind, amperes)) return upstreamClearingSeconds(study, kind, amperes) === Infinity ? "nothing" : "fuse-alone";
  const { setting } = study.meter;
  const shots = setting.sectionalize?.shots ?? 1;
  let spent = 0;
  for (let shot = 0; shot < shots; shot++) {
    const seconds = shotSeconds(study.shots[shot], kind, amperes);
    if (seconds < (setting.sectionalize?.sensingSeconds ?? 0) || amperes <= (setting.sectionalize?.actuatingAmperes ?? Infinity)) return "unseen";
    spent += seconds;
  }
  return spent <= upstreamSafeSeconds(study, kind, amperes) ? "effective" : "fuse-first";
}

/** Over all faults that the switch may not break. */
export function faultOutcomes(study: Study, kind: FaultKind): CurrentRange<FaultOutcome>[] {
  return rangesOf(study.meter.rating.breakingAmperes, largestFaultAmperes(study), (amperes) => faultOutcome(study, kind, amperes));
}
