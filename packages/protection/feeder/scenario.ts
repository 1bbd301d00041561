import type { OpeningReason } from "../device/protection-setting.ts";

/** A fault in the simulation, line to line. `service` is before the meter, `before-breaker` between it and the main breaker, `behind-breaker` in the home. */
export interface FeederFault {
  readonly home: number;
  readonly place: "service" | "before-breaker" | "behind-breaker";
  readonly ohms: number;
  readonly from: number;
  /** When it is gone; permanent where absent. */
  readonly to?: number;
}

/** What happens on the simulated feeder. Seconds from its start, at which everything is closed and drawing its load. */
export interface FeederScenario {
  readonly faults: readonly FeederFault[];
  readonly seconds: number;
  /** Homes whose meter begins with an empty energy store. */
  readonly emptyStores?: readonly number[];
  /** Homes whose main breaker does not open. */
  readonly stuckBreakers?: readonly number[];
}

export interface HomeOutcome {
  readonly served: boolean;
  readonly meterClosed: boolean;
  readonly breakerOpen: boolean;
  /** Why the meter opened last; null where it is closed. */
  readonly openedBy: OpeningReason | null;
  /** Times without voltage, whatever their length, and the longest. */
  readonly interruptions: number;
  readonly longestSeconds: number;
  /** Largest current at which the meter's contacts parted; null where they never did. */
  readonly partedAtAmperes: number | null;
  /** Largest current through the meter. */
  readonly mostAmperes: number;
}

export interface FeederOutcome {
  readonly homes: readonly HomeOutcome[];
  /** Of the earliest time of the transformer's protection; 1 is a fuse that melts at the earliest. */
  readonly upstreamDamage: number;
  readonly upstreamOpen: boolean;
  readonly recloserOpenings: number;
  readonly lockedOut: boolean;
  /** What happened, in order. */
  readonly story: readonly { readonly at: number; readonly who: string; readonly what: string }[];
}
