import type { UpdatePhase } from "./update-state.ts";

/** What is looked at beside the phase; asked only by the row that needs it. */
export interface Findings {
  /** The buffer reads as the image that was verified. */
  bufferWhole(): boolean;
  /** The active bank was filled by this update. */
  bankFilled(): boolean;
  /** The program memory holds whole firmware. */
  programWhole(): boolean;
  reserveWhole(): boolean;
  /** The firmware on trial was started as often as it may be. */
  bootsOver(): boolean;
  timeOver(): boolean;
  /** The firmware on trial passed its self-test since this start. */
  tried(): boolean;
}

export type RecoveryAction =
  | "stay" | "fill the bank" | "bank is filled" | "run procedures" | "stop running" | "take nothing"
  | "save the old" | "keep the reserve" | "install the new" | "try the new" | "give up the new" | "boots are over" | "time is over" | "put the old back" | "stand still";

/** What flash says, and what is done. */
export interface RecoveryRow {
  readonly phase: UpdatePhase;
  /** Absent: otherwise. */
  readonly when?: keyof Findings;
  readonly then: RecoveryAction;
}

/**
 * What the meter does at every start, and after every step of an update until a row says that it stays. The first row that holds counts; its action leads to
 * another phase, so that a loss of power within it leads to the same row again, and a loss of power after it to the next.
 */
export const recoveryTable: readonly RecoveryRow[] = [
  { phase: "idle", then: "stay" },
  { phase: "receiving", then: "stay" },
  { phase: "verified", then: "stay" },
  { phase: "scheduled", then: "stay" },
  { phase: "applying", when: "bankFilled", then: "bank is filled" },
  { phase: "applying", when: "bufferWhole", then: "fill the bank" },
  { phase: "applying", then: "take nothing" },
  { phase: "running", when: "bufferWhole", then: "run procedures" },
  { phase: "running", then: "stop running" },
  { phase: "saving", when: "programWhole", then: "save the old" },
  { phase: "saving", then: "keep the reserve" },
  { phase: "installing", when: "bufferWhole", then: "install the new" },
  { phase: "installing", then: "give up the new" },
  { phase: "trial", when: "timeOver", then: "time is over" },
  { phase: "trial", when: "tried", then: "stay" },
  { phase: "trial", when: "bootsOver", then: "boots are over" },
  { phase: "trial", when: "programWhole", then: "try the new" },
  { phase: "trial", then: "give up the new" },
  { phase: "restoring", when: "reserveWhole", then: "put the old back" },
  { phase: "restoring", then: "stand still" },
];

export function recoveryFor(phase: UpdatePhase, findings: Findings): RecoveryAction {
  const row = recoveryTable.find(({ phase: of, when }) => of === phase && (when === undefined || findings[when]()));
  return row?.then ?? "stay";
}
