import type { EpochMillis } from "@metersmith/base/clock";

/** When a follower synchronizes: at once where a push hints at something new, and by polling, so that a push that is lost or withheld costs time and nothing else. */
export interface ScheduleState {
  readonly due: EpochMillis;
  readonly running: boolean;
  /** Failures in a row. */
  readonly failures: number;
  /** The highest snapshot version that was hinted at, or reached. */
  readonly hinted: number;
  readonly reached: number;
}

export type ScheduleEvent =
  /** A push says that there is a snapshot of this version. Nobody signed it: it can make a follower look, no more. */
  | { readonly kind: "hint"; readonly snapshot: number }
  | { readonly kind: "look" }
  | { readonly kind: "succeeded"; readonly snapshot: number }
  | { readonly kind: "failed" };

export type ScheduleEffect = { readonly kind: "synchronize" } | { readonly kind: "wake"; readonly at: EpochMillis };

export interface Schedule {
  /** Milliseconds between polls. */
  readonly every: number;
  /** The first wait after a failure; doubled each time, up to `every`. */
  readonly retry: number;
  /** The least time between two that hints cause: who forges hints gains no more. */
  readonly least: number;
  /** A number in [0, 1), so that a thousand tools do not come at once. */
  readonly spread: () => number;
}

export const usualSchedule: Omit<Schedule, "spread"> = { every: 15 * 60_000, retry: 10_000, least: 5_000 };

export function beginSchedule(now: EpochMillis): ScheduleState {
  return { due: now, running: false, failures: 0, hinted: 0, reached: 0 };
}

/** One step: what happened, and what is to be done. The host calls with `look` when it was woken. */
export function schedule(plan: Schedule, state: ScheduleState, event: ScheduleEvent, now: EpochMillis): { readonly state: ScheduleState; readonly effects: readonly ScheduleEffect[] } {
  switch (event.kind) {
    case "hint": {
      if (event.snapshot <= Math.max(state.hinted, state.reached)) return { state, effects: [] };
      const hinted = { ...state, hinted: event.snapshot };
      // What runs already may or may not have seen it; its end decides.
      if (state.running) return { state: hinted, effects: [] };
      return wakeAt({ ...hinted, due: Math.min(state.due, now + plan.least * (1 + plan.spread())) });
    }
    case "look":
      if (state.running) return { state, effects: [] };
      if (now < state.due) return wakeAt(state);
      return { state: { ...state, running: true }, effects: [{ kind: "synchronize" }] };
    case "succeeded": {
      const reached = Math.max(state.reached, event.snapshot);
      // Hinted at and not there: forged, or not everywhere yet. It is looked for once more, then by polling.
      const wait = state.hinted > reached ? plan.least : plan.every * (0.75 + plan.spread() / 2);
      return wakeAt({ due: now + wait, running: false, failures: 0, hinted: reached, reached });
    }
    case "failed": {
      const wait = Math.min(plan.every, plan.retry * 2 ** Math.min(state.failures, 16)) * (0.5 + plan.spread() / 2);
      return wakeAt({ ...state, due: now + wait, running: false, failures: state.failures + 1 });
    }
  }
}

function wakeAt(state: ScheduleState): { readonly state: ScheduleState; readonly effects: readonly ScheduleEffect[] } {
  return { state, effects: [{ kind: "wake", at: state.due }] };
}
