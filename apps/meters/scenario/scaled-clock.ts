import type { Clock, EpochMillis } from "@metersmith/base/clock";

/** A moment that two clocks share, and how fast the second one goes from there on. */
export interface TimeAnchor {
  readonly host: EpochMillis;
  readonly simulated: EpochMillis;
  /** Simulated milliseconds in one of the host's; at least 1. */
  readonly factor: number;
}

/** The clock of the meters' world: the host's, from an anchor on so many times as fast. */
export function scaledClock(host: Clock, { host: from, simulated, factor }: TimeAnchor): Clock {
  return {
    now: () => simulated + (host.now() - from) * factor,
    // Rounded up: a timer that fires early would have to be set again and again.
    after: (milliseconds, fire) => host.after(Math.ceil(milliseconds / factor), fire),
  };
}
