import type { Line } from "./line.ts";
import { hashOf, scattered } from "./seed.ts";

/** Pulses given since some fixed time, a whole number that never falls. */
export type PulseCount = (seconds: number) => number;

/** A line of pulses: whatever way time is cut into spans, their pulses add up to the same. */
export function pulseLine(pulsesUntil: PulseCount): Line {
  return {
    kind: "pulses",
    sample(from, until, into) {
      into.clear();
      into.pulses = pulsesUntil(until) - pulsesUntil(from);
      return until;
    },
  };
}

/** SYNTHETIC: a tap or a burner, by the hour a number of pulses between 0 and `most`, drawn from `seed` and spread evenly over the hour. Ours. */
export function syntheticPulses(seed: string, most: number): Line {
  const own = hashOf(seed);
  const ofHour = (hour: number): number => scattered(own, hour) % (most + 1);
  /** Sums are kept from a day's start on, so that a count costs at most 24 hours of adding up: days have equal counts. */
  const ofDay = Array.from({ length: 24 }, (_, hour) => ofHour(hour)).reduce((sum, pulses) => sum + pulses, 0);
  return pulseLine((seconds) => {
    const day = Math.floor(seconds / 86_400);
    const within = seconds - day * 86_400;
    const hour = Math.floor(within / 3600);
    let pulses = day * ofDay;
    for (let before = 0; before < hour; before++) pulses += ofHour(before);
    return pulses + Math.floor((ofHour(hour) * (within - hour * 3600)) / 3600);
  });
}
