import { leastAmperes, secondsAt } from "../curves/curve.ts";
import { knotsOf, shotSeconds, upstreamSafeSeconds } from "./device-times.ts";
import type { StudyFinding } from "./finding.ts";
import { pairFindings } from "./pair-margin.ts";
import { faultKinds, largestFaultAmperes } from "../study/referral.ts";
import type { Study } from "../study/study.ts";

/**
 * Faults in the home: the main breaker clears them alone, before the transformer's protection and before the recloser's first shot. What is missed here is no
 * setting of the meter's, which takes no part above its breaking current; it is told as a warning.
 */
export function checkBreaker(study: Study): StudyFinding[] {
  const { breaker, upstream } = study;
  const first = { name: "main breaker", secondsAt: (amperes: number) => secondsAt(breaker, amperes) };
  const span = { from: leastAmperes(breaker), to: largestFaultAmperes(study), required: 0, first, missed: "warning", knots: knotsOf(breaker, (amperes) => amperes) } as const;
  return faultKinds(study).flatMap((kind) => [
    ...pairFindings({ ...span, place: `main breaker → ${upstream.name}, ${kind.name}`, second: { name: upstream.name, secondsAt: (amperes) => upstreamSafeSeconds(study, kind, amperes) } }),
    ...pairFindings({ ...span, place: `main breaker → recloser, ${kind.name}`, second: { name: "recloser", secondsAt: (amperes) => shotSeconds(study.shots[0], kind, amperes) } }),
  ]);
}
