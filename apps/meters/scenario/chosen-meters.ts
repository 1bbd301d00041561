import { createHash } from "node:crypto";
import type { WhichMeters } from "./scenario.ts";

/** A meter as a scenario sees it. */
export interface AddressedMeter {
  /** Its place in the street, from 0. */
  readonly position: number;
  readonly deviceType: string;
}

/**
 * The positions that a happening is about: those from `from` to `to`, of the type, and of these the fraction, at least one where there is one. A fraction takes
 * those that come first when ordered by SHA-256 of seed, happening and position, so the same seed chooses the same meters in every run.
 */
export function chosenMeters(meters: readonly AddressedMeter[], { from = 0, to = Infinity, fraction = 1, deviceType: type }: WhichMeters, seed: number, happening: number): readonly number[] {
  const candidates = meters.filter(({ position, deviceType }) => position >= from && position <= to && (type === undefined || deviceType === type)).map(({ position }) => position);
  if (fraction === 1) return candidates;
  const drawn = candidates.map((position) => [createHash("sha256").update(`${seed}/${happening}/${position}`).digest("hex"), position] as const).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return drawn.slice(0, Math.max(1, Math.round(fraction * drawn.length))).map(([, position]) => position).toSorted((a, b) => a - b);
}
