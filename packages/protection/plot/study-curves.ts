import { leastAmperes, secondsAt } from "../curves/curve.ts";
import { currents } from "../checks/current-ranges.ts";
import { knotsOf, meterPickup, meterSeconds } from "../checks/device-times.ts";
import { largestFaultAmperes } from "../study/referral.ts";
import type { Study } from "../study/study.ts";

/** A line of the plot: seconds over amperes at the meter, line to line. */
export interface PlottedCurve {
  readonly name: string;
  readonly kind: "breaker" | "meter" | "upstream" | "recloser" | "load";
  readonly dashes: "" | "d1" | "d2" | "d3";
  readonly points: readonly (readonly [amperes: number, seconds: number])[];
}

/** Every device's curve over the current through one meter, all referred through the transformer; other homes draw nothing. */
export function studyCurves(study: Study): PlottedCurve[] {
  const { breaker, upstream, shots, meter, home, transformer } = study;
  const most = largestFaultAmperes(study) * 1.5;
  const { perSecondaryAmpere } = upstream;
  const upstreamKnots = knotsOf(upstream.earliest, (amperes) => amperes / perSecondaryAmpere);
  const curve = (from: number, to: number, secondsOf: (amperes: number) => number, knots: readonly number[] = []): [number, number][] =>
    from < to ? currents(from, to, knots).map((amperes): [number, number] => [amperes, secondsOf(amperes)]).filter(([, seconds]) => Number.isFinite(seconds)) : [];
  const upstreamFrom = leastAmperes(upstream.earliest) / perSecondaryAmpere;
  const earliest = (amperes: number): number => secondsAt(upstream.earliest, amperes * perSecondaryAmpere);
  const toPrimary = transformer.secondaryVolts / transformer.primaryVolts;
  const lines: PlottedCurve[] = [
    { name: breaker.data.name, kind: "breaker", dashes: "", points: curve(leastAmperes(breaker), most, (amperes) => secondsAt(breaker, amperes), knotsOf(breaker, (amperes) => amperes)) },
    { name: `meter breaks, to ${meter.rating.breakingAmperes} A`, kind: "meter", dashes: "", points: curve(meterPickup(study) * 1.001, meter.rating.breakingAmperes, (amperes) => meterSeconds(study, amperes)) },
    ...(upstream.kind === "fuse"
      ? ([
          { name: `${Math.round(100 * upstream.share)} % of minimum melt`, kind: "upstream", dashes: "d2", points: curve(upstreamFrom, most, (amperes) => upstream.share * earliest(amperes), upstreamKnots) },
          { name: upstream.earliest.data.name, kind: "upstream", dashes: "", points: curve(upstreamFrom, most, earliest, upstreamKnots) },
          { name: "transformer fuse, total clearing", kind: "upstream", dashes: "d1", points: curve(leastAmperes(upstream.latest) / perSecondaryAmpere, most, (amperes) => secondsAt(upstream.latest, amperes * perSecondaryAmpere)) },
        ] as const)
      : ([{ name: upstream.name, kind: "upstream", dashes: "", points: curve(upstreamFrom, most, earliest, upstreamKnots) }] as const)),
  ];
  const seen = new Set<string>();
  for (const [index, shot] of shots.entries()) {
    if (seen.has(shot.data.name)) continue;
    const dashes = (["", "d1", "d2", "d3"] as const)[seen.size] ?? "d3";
    seen.add(shot.data.name);
    lines.push({ name: `shot ${index + 1}: ${shot.data.name}`, kind: "recloser", dashes, points: curve(leastAmperes(shot) / toPrimary, most, (amperes) => secondsAt(shot, amperes * toPrimary), knotsOf(shot, (amperes) => amperes / toPrimary)) });
  }
  const cold = home.coldLoad.toSorted((a, b) => a.seconds - b.seconds).map(({ multiple, seconds }): [number, number] => [multiple * home.amperes, seconds]);
  if (cold.length > 0) lines.push({ name: "cold-load pickup of a home", kind: "load", dashes: "d3", points: stairs(cold) });
  return lines;
}

/** Held so long at each current: down to the bottom of the plot at the first, then from step to step. */
function stairs(steps: readonly (readonly [number, number])[]): [number, number][] {
  const [first] = steps;
  return first ? [[first[0], first[1] / 1e6], ...steps.flatMap(([amperes, seconds], index): [number, number][] => [[amperes, index === 0 ? seconds : (steps[index - 1]?.[1] ?? seconds)], [amperes, seconds]])] : [];
}
