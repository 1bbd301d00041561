import type { MeterContext } from "@metersmith/tables";
import type { ClockKeeper } from "../time/clock-keeper.ts";
import type { Configuration } from "../configuration/configuration.ts";

/** RESULT_CODE of table 8. Source: facts 6. */
export const procedureResult = {
  completed: 0,
  invalidParameter: 2,
  conflictsWithSetup: 3,
  notAuthorized: 5,
  unrecognized: 6,
} as const;

export interface ProcedureOutcome {
  readonly result: (typeof procedureResult)[keyof typeof procedureResult];
  readonly response: Uint8Array;
}

/** What procedures may touch. */
export interface ProcedureBoard {
  readonly context: MeterContext;
  readonly clock: ClockKeeper;
  readonly configuration: Configuration;
  clearRegisters(): void;
}

/** One procedure. It finishes before table 8 answers; what it changed is durable on return. */
export type Procedure = (board: ProcedureBoard, parameters: Uint8Array) => ProcedureOutcome;

export function outcome(result: ProcedureOutcome["result"], response: Uint8Array = new Uint8Array()): ProcedureOutcome {
  return { result, response };
}
