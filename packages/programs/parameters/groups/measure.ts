import { z } from "zod";

/** What may be written for one number: its unit as people write it, the range, and for fractions the smallest step. */
export interface Measure {
  readonly unit: string;
  readonly least: number;
  readonly most: number;
  /** Absent: whole numbers. */
  readonly step?: number;
}

/** A number with a unit. Every refusal says what was given, in which unit, and what is allowed; the JSON Schema carries the unit as `unit`. */
export function measure({ unit, least, most, step = 1 }: Measure): z.ZodNumber {
  const allowed = `allowed are ${least} to ${most} ${unit}${step === 1 ? ", whole" : `, in steps of ${step}`}`;
  const refused = (given: unknown): string => (typeof given === "number" ? `${given} ${unit}; ${allowed}` : `${given === undefined ? "is missing" : "is no number"}; ${allowed}`);
  const error = ({ input }: { readonly input?: unknown }): string => refused(input);
  const number = (step === 1 ? z.int({ error }) : z.number({ error }).multipleOf(step, { error })).min(least, { error }).max(most, { error });
  return number.meta({ unit });
}

/** Seconds with milliseconds, as switches and protection have them. */
export const fineSeconds = (most: number): z.ZodNumber => measure({ unit: "s", least: 0, most, step: 0.001 });
