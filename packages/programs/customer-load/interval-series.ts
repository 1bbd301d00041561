import { ProgramsError } from "../errors.ts";

/** What one customer drew: equal intervals of energy, in order of time, none twice; what is missing is missing. */
export interface IntervalSeries {
  /** Length of each interval, seconds: divides an hour, at least 60. */
  readonly seconds: number;
  /** `start`: seconds since 1970 of universal time; `wattHours` delivered in the interval that begins there. */
  readonly intervals: readonly { readonly start: number; readonly wattHours: number }[];
}

/** Ten years of quarters of an hour. */
export const mostIntervals = 400_000;

/** Puts readings in order. Throws `intervals-invalid`, naming the file and the first that does not fit. */
export function intervalSeries(readings: readonly { start: number; seconds: number; wattHours: number }[], file: string): IntervalSeries {
  const [first] = readings;
  if (!first) throw invalidIntervals(file, "no reading of energy delivered in intervals");
  const { seconds } = first;
  if (!Number.isInteger(seconds) || seconds < 60 || 3600 % seconds !== 0) throw invalidIntervals(file, `intervals of ${seconds} s; expected a part of an hour of whole minutes`);
  const intervals = readings.map(({ start, wattHours }) => ({ start, wattHours })).sort((a, b) => a.start - b.start);
  readings.forEach((reading, index) => {
    const odd = reading.seconds !== seconds ? `lasts ${reading.seconds} s, the first one ${seconds} s` : reading.start % seconds === 0 ? undefined : `begins at ${new Date(reading.start * 1000).toISOString()}, which is no multiple of ${seconds} s`;
    if (odd) throw invalidIntervals(file, `reading ${index + 1} ${odd}`);
  });
  const twice = intervals.find(({ start }, index) => start === intervals[index - 1]?.start);
  if (twice) throw invalidIntervals(file, `two readings begin at ${new Date(twice.start * 1000).toISOString()}`);
  return { seconds, intervals };
}

export function invalidIntervals(file: string, what: string, cause?: unknown): ProgramsError {
  return new ProgramsError("intervals-invalid", `${file}: ${what}`, { context: { file }, ...(cause === undefined ? {} : { cause }) });
}
