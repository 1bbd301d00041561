import { phases } from "../line/line.ts";

/** Number of the interface between board and firmware, which the image gives back as its global `abi`. */
export const interfaceNumber = 1;
/** The one memory, lent by the board: one WebAssembly page, which does not grow. */
export const memoryOctets = 65_536;
/** The measuring state of one meter at the memory's beginning: at most so many octets. */
export const mostStateOctets = 1024;
/** Steps of one call. */
export const mostSteps = 96;
/** An image is at most so long. */
export const mostImageOctets = 65_536;

/** Float64, least significant octet first, by place in one step of the input. Powers are products of these. */
export const input = {
  at: 1024,
  /** Numbers of a step. */
  length: 14,
  seconds: 0,
  volts: 1,
  amperes: 1 + phases,
  /** Cosine and sine of the angle by which the current lags. */
  cosine: 1 + 2 * phases,
  sine: 1 + 3 * phases,
  pulses: 1 + 4 * phases,
} as const;

/** Kinds of energy in a segment's counts. */
export const energyKind = { active: 0, reactive: 1, apparent: 2 } as const;

/** Counts of one step: whole milliwatt-hours (millivar-hours, millivolt-ampere-hours) and, last, pulses. */
export const output = {
  at: 16_384,
  length: 49,
  pulses: 48,
  /** `segment` 0 all phases, 1–3 one of them; `kind` by `energyKind`; `quadrant` 1–4. */
  energy: (segment: number, kind: number, quadrant: number): number => segment * 12 + kind * 4 + quadrant - 1,
} as const;

/** More of any count in one step is nonsense: a terawatt-hour. */
export const mostOfACount = 1e15;
