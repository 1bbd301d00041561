import { MeterError } from "../meter-error.ts";
import type { PowerCurve } from "./power-line.ts";

/** Energy by equal steps of time, as it was recorded. Shared by all lines that play it. */
export interface Recording {
  readonly title: string;
  /** Of the values. */
  readonly unit: "Wh" | "mWh";
  /** When the first step begins, seconds since 1970 UTC; 0 where the recording names no date. */
  readonly start: number;
  readonly stepSeconds: number;
  readonly values: readonly number[];
  readonly source: string;
  readonly licence: string;
}

export interface Playback {
  /** When the recording's first step is played, seconds since 1970 UTC; its own start where absent. */
  readonly from?: number;
  /** Against what was recorded; 1 where absent. */
  readonly scale?: number;
}

/** The power of a recording, constant within each step: before its start and after its end it is repeated, as often as it takes. */
export function recordedLoad({ unit, start, stepSeconds, values }: Recording, { from = start, scale = 1 }: Playback = {}): PowerCurve {
  const wattsPerValue = (scale * 3600) / stepSeconds / (unit === "mWh" ? 1000 : 1);
  return {
    watts(seconds) {
      const step = Math.floor((seconds - from) / stepSeconds) % values.length;
      return (values[step < 0 ? step + values.length : step] ?? 0) * wattsPerValue;
    },
    until: (seconds) => from + (Math.floor((seconds - from) / stepSeconds) + 1) * stepSeconds,
  };
}

/** Reads a recording, as `packages/meter/line/recordings` has them. Throws `bad-recording`. */
export function readRecording(value: unknown): Recording {
  const given = value as Partial<Recording & { format: string }> | null;
  const whole = (number: unknown, least: number): boolean => typeof number === "number" && Number.isInteger(number) && number >= least;
  const known = typeof given === "object" && given !== null && given.format === "metersmith-recording-1" && (given.unit === "Wh" || given.unit === "mWh");
  const { start, stepSeconds, values, title, source, licence } = (known ? given : {}) as Partial<Recording>;
  const timed = whole(start, 0) && whole(stepSeconds, 1);
  const valued = Array.isArray(values) && values.length > 0 && values.every((one) => whole(one, Number.MIN_SAFE_INTEGER));
  const named = [title, source, licence].every((text) => typeof text === "string" && text !== "");
  if (!timed || !valued || !named) throw new MeterError("input", "bad-recording", "This is no recording of energy by steps of time (metersmith-recording-1).");
  return value as Recording;
}
