import { leastAmperes, secondsAt, type TimedCurve } from "../curves/curve.ts";
import type { FaultKind } from "../study/referral.ts";
import type { Study } from "../study/study.ts";

/** Seconds until a meter's contacts part at a constant current, whatever its switch may break: the fastest element, and the switch's own time. */
export function meterSeconds({ meter: { rating, setting } }: Study, amperes: number): number {
  let least = Infinity;
  for (const { data, pickupAmperes, dial } of setting.overcurrent) least = Math.min(least, secondsAt({ data, pickupAmperes, dial }, amperes));
  return least + rating.operatingSeconds;
}

/** The lowest pickup of the meter's elements; Infinity without any. */
export function meterPickup({ meter: { setting } }: Study): number {
  return Math.min(...setting.overcurrent.map(({ pickupAmperes }) => pickupAmperes), Infinity);
}

/** Current in the transformer's own protection at a fault behind one meter, the other homes drawing their load. */
export function upstreamAmperes({ upstream, transformer, home }: Study, kind: FaultKind, amperes: number): number {
  const load = (transformer.homes - 1) * home.amperes * upstream.perSecondaryAmpere;
  return amperes * (upstream.kind === "fuse" ? kind.perSecondaryAmpere : 1) + load;
}

/** The share of its earliest time that the transformer's protection leaves to others. */
export function upstreamSafeSeconds(study: Study, kind: FaultKind, amperes: number): number {
  return study.upstream.share * secondsAt(study.upstream.earliest, upstreamAmperes(study, kind, amperes));
}

/** When the transformer's protection has cleared the fault at the latest. */
export function upstreamClearingSeconds(study: Study, kind: FaultKind, amperes: number): number {
  return secondsAt(study.upstream.latest, upstreamAmperes(study, kind, amperes));
}

/** What of a fault is sure to be at the recloser: its own current alone. The load there may be small. */
export function recloserSees(study: Study, kind: FaultKind, amperes: number): boolean {
  const [first] = study.shots;
  return first !== undefined && amperes * kind.perSecondaryAmpere >= leastAmperes(first);
}

/** Seconds of a shot at a fault, without load: the latest it may be. */
export function shotSeconds(shot: TimedCurve | undefined, kind: FaultKind, amperes: number): number {
  return shot ? secondsAt(shot, amperes * kind.perSecondaryAmpere) : Infinity;
}

/** Currents at the meter at which a curve has a corner, so that no margin hides between points of the grid. */
export function knotsOf(curve: TimedCurve, atMeter: (amperes: number) => number): number[] {
  return curve.data.form === "points" ? curve.data.multiples.map((multiple) => atMeter(multiple * curve.pickupAmperes)) : [];
}
