import type { Study } from "./study.ts";

/** A fault on the secondary by the conductors it joins: what one ampere of it is at the primary. */
export interface FaultKind {
  readonly name: string;
  readonly perSecondaryAmpere: number;
}

/** Across both halves of the winding, and across one: half the voltage moves half the ampere-turns, so that the primary sees half as much. */
export function faultKinds({ transformer: { primaryVolts, secondaryVolts } }: Study): readonly FaultKind[] {
  return [
    { name: "line to line", perSecondaryAmpere: secondaryVolts / primaryVolts },
    { name: "line to neutral", perSecondaryAmpere: secondaryVolts / 2 / primaryVolts },
  ];
}

export function ratedPrimaryAmperes({ transformer }: Study): number {
  return (transformer.kva * 1000) / transformer.primaryVolts;
}

/** Ohms of source and transformer as seen from the secondary. */
export function sourceOhms({ transformer, line }: Study): { readonly r: number; readonly x: number } {
  const { kva, primaryVolts, secondaryVolts, impedancePercent, reactanceShare } = transformer;
  const squared = (secondaryVolts / primaryVolts) ** 2;
  const z = (impedancePercent / 100) * (secondaryVolts ** 2 / (kva * 1000));
  const x = z * reactanceShare;
  return { r: Math.sqrt(z ** 2 - x ** 2) + line.source.r * squared, x: x + line.source.x * squared };
}

/** Largest current through a meter: a bolted fault, line to line, behind its service drop. Faults to neutral are taken to be no larger (ours). */
export function largestFaultAmperes(study: Study): number {
  const { r, x } = sourceOhms(study);
  return study.transformer.secondaryVolts / Math.hypot(r + study.line.drop.r, x + study.line.drop.x);
}
