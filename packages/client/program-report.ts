import type { EpochMillis } from "@metersmith/base/clock";
import type { FailureContext, FailureKind } from "@metersmith/base/errors";
import type { BitChange, FieldValue, TableId } from "@metersmith/tables";

/** The stages of programming a meter, in their order. */
export const programSteps = ["identify-tables", "check", "compare", "write", "clock", "read-back", "live-state"] as const;
export type ProgramStep = (typeof programSteps)[number];

/** One contiguous piece of a table. */
export interface WrittenRange {
  readonly table: TableId;
  /** Octets from the table's start. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Why nothing was written. `check` the meter is not one the program was built for; `policy` the role may not change these bits. */
export interface ProgramRefusal {
  readonly kind: "check" | "policy";
  readonly table: TableId;
  readonly path: string;
  readonly offset: number;
  readonly before: FieldValue;
  readonly after: FieldValue;
  readonly message: string;
}

/** What is not as it must be after writing. `read-back` a table differs; `live` the running meter does. */
export interface ProgramMismatch {
  readonly kind: "read-back" | "live";
  readonly table: TableId;
  readonly path: string;
  readonly offset?: number;
  readonly expected: FieldValue;
  readonly actual: FieldValue;
  readonly message: string;
}

/** The running meter after programming, by tables 3, 6, 52 and 55. */
export interface LiveState {
  readonly at: EpochMillis;
  /** The meter's own reading of time, no zone: `2026-11-21T07:05:09`. */
  readonly clock: string;
  /** Meter minus expected, whole seconds; absent where the meter's time could not be read. */
  readonly clockErrorSeconds?: number;
  readonly unprogrammed: boolean;
  readonly configurationError: boolean;
  readonly clockError: boolean;
  readonly tier: number;
  readonly demandTier?: number;
  readonly season: number;
  readonly specialSchedule: number | null;
  readonly identity: { readonly tariffId: string; readonly version: number; readonly programmer: string; readonly buildMark: string };
}

/** When a stage began and ended, and what it found in one line. */
export interface ReportStep {
  readonly step: ProgramStep;
  readonly startedAt: EpochMillis;
  readonly endedAt: EpochMillis;
  readonly detail: string;
}

/** Why programming stopped, in the words and with the code of what failed. `step` says where. */
export interface ProgramFailure {
  readonly step: ProgramStep;
  readonly code: string;
  readonly kind: FailureKind;
  readonly message: string;
  readonly context: FailureContext;
}

/**
 * The evidence of one programming session.
 * `verified` read-back equal and live state right · `refused` nothing was written, `refusals` says why · `failed` `failure` or
 * `mismatches` says why; `written` and `inDoubt` say exactly what the meter holds of it. Programming again continues from there.
 */
export interface ProgramReport {
  readonly outcome: "verified" | "refused" | "failed";
  readonly steps: readonly ReportStep[];
  /** What the comparison found different before anything was written. */
  readonly changes: readonly BitChange[];
  /** Written and acknowledged by the meter. */
  readonly written: readonly WrittenRange[];
  /** Sent, but the meter went before it answered: it holds either the old or these bytes, in this range and in no other. */
  readonly inDoubt?: WrittenRange;
  /** Whether the clock was set (`done`), found right (`not-needed`), or sent without an answer (`in-doubt`). */
  readonly clock: "done" | "not-needed" | "in-doubt" | "not-reached";
  readonly refusals: readonly ProgramRefusal[];
  readonly mismatches: readonly ProgramMismatch[];
  readonly liveState?: LiveState;
  /** Whole tables as the meter gave them back after writing. Empty where it did not come to that. */
  readonly readBack: ReadonlyMap<TableId, Uint8Array>;
  readonly failure?: ProgramFailure;
  readonly startedAt: EpochMillis;
  readonly endedAt: EpochMillis;
}
