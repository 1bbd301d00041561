import type { ProgramStep } from "./program-report.ts";

export interface ProgramProgress {
  readonly step: ProgramStep;
  /** Tables, pieces or reads of this step done, of `total`. */
  readonly done: number;
  readonly total: number;
}

export interface ProgramOptions {
  /** Heeded between two requests, never while a write is on its way. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ProgramProgress) => void;
}
