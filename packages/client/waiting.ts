import type { WrittenRange } from "./program-report.ts";

export interface Waiting {
  /** Ends the waiting; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface WriteProgress extends Waiting {
  /** Before a piece is sent. */
  readonly onSending?: (range: WrittenRange) => void;
  /** After the meter acknowledged it. */
  readonly onWritten?: (range: WrittenRange) => void;
}
