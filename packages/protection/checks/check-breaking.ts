import { leastAmperes, secondsAt } from "../curves/curve.ts";
import { knotsOf, meterPickup, meterSeconds, upstreamSafeSeconds } from "./device-times.ts";
import { inAmperes, type StudyFinding } from "./finding.ts";
import { pairFindings } from "./pair-margin.ts";
import { faultKinds } from "../study/referral.ts";
import type { Study } from "../study/study.ts";

/**
 * Breaking, from the meter's pickup to the rated breaking current of its switch, in order: main breaker before meter, meter before the share of the transformer's
 * protection, meter before recloser.
 */
export function checkBreaking(study: Study): StudyFinding[] {
  const { rating } = study.meter;
  const pickup = meterPickup(study);
  if (pickup === Infinity) return [{ severity: "warning", place: "meter", text: "has no overcurrent element: it breaks nothing by itself" }];
  if (pickup >= rating.breakingAmperes) {
    return [{ severity: "error", place: "meter", fromAmperes: pickup, text: `its elements pick up at ${inAmperes(pickup)}, where its switch may no longer break (${inAmperes(rating.breakingAmperes)})` }];
  }
  const meter = { name: "meter", secondsAt: (amperes: number) => meterSeconds(study, amperes) };
  const span = { from: pickup * 1.0001, to: rating.breakingAmperes };
  const { breaker, upstream, interval } = study;
  return [
    ...pairFindings({
      place: "main breaker → meter", required: interval, ...span, from: Math.max(span.from, Math.min(leastAmperes(breaker), span.to)),
      first: { name: "main breaker", secondsAt: (amperes) => secondsAt(breaker, amperes) }, second: meter, knots: knotsOf(breaker, (amperes) => amperes),
    }),
    ...uncoveredBelowBreaker(study, pickup),
    // Line to line is the worse: it is the more at the primary.
    ...faultKinds(study).slice(0, 1).flatMap((kind) => pairFindings({
      place: `meter → ${upstream.name}`, required: interval, ...span, first: meter,
      second: { name: upstream.kind === "fuse" ? `${Math.round(upstream.share * 100)} % of minimum melt` : upstream.name, secondsAt: (amperes) => upstreamSafeSeconds(study, kind, amperes) },
      knots: knotsOf(upstream.earliest, (amperes) => amperes / upstream.perSecondaryAmpere),
    })),
    ...recloserPairs(study, span, meter),
  ];
}

/** Between the meter's pickup and the breaker's first point only the meter acts: right for a home whose load stays below, a nuisance otherwise. */
function uncoveredBelowBreaker({ breaker, home }: Study, pickup: number): StudyFinding[] {
  const from = leastAmperes(breaker);
  if (home.amperes >= pickup) return [{ severity: "error", place: "meter", fromAmperes: pickup, toAmperes: home.amperes, text: `picks up at ${inAmperes(pickup)}, below the home's load of ${inAmperes(home.amperes)}` }];
  if (pickup >= from) return [];
  return [{ severity: "warning", place: "main breaker → meter", fromAmperes: pickup, toAmperes: from, text: `the main breaker may carry up to ${inAmperes(from)} for good, the meter picks up at ${inAmperes(pickup)}: there the meter opens and the breaker does not` }];
}

function recloserPairs(study: Study, span: { readonly from: number; readonly to: number }, first: { readonly name: string; readonly secondsAt: (amperes: number) => number }): StudyFinding[] {
  const { recloser, shots, interval } = study;
  return faultKinds(study).flatMap((kind): StudyFinding[] => {
    const place = `meter → recloser, ${kind.name}`;
    const most = span.to * kind.perSecondaryAmpere;
    if (most + recloser.loadAmperes < recloser.tripAmperes) {
      return [{ severity: "vacuous", place, fromAmperes: span.from, toAmperes: span.to, text: `the recloser cannot see it: ${inAmperes(span.to)} at the meter is ${inAmperes(most)} at the recloser, with its load of ${inAmperes(recloser.loadAmperes)} below its trip of ${inAmperes(recloser.tripAmperes)}. Coordination over these currents says nothing` }];
    }
    const fastest = (amperes: number): number => Math.min(...shots.map((shot) => secondsAt(shot, amperes * kind.perSecondaryAmpere + recloser.loadAmperes)));
    return pairFindings({ place, required: interval, ...span, first, second: { name: "recloser", secondsAt: fastest } });
  });
}
