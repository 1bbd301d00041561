import { TablesError, type FieldValue, type MeterContext } from "@metersmith/tables";
import type { ClockKeeper } from "../time/clock-keeper.ts";
import type { Configuration } from "../configuration/configuration.ts";
import type { Diagnosis } from "../diagnostics/diagnosis.ts";
import type { MeterUpdate } from "../update/meter-update.ts";
import type { UpdateRefusal } from "../update/update-refusal.ts";
import type { ServiceSwitch } from "../protection/service-switch.ts";
import type { ClockMode } from "../time/meter-clock.ts";

/** RESULT_CODE of table 8. Source: facts 6. */
export const procedureResult = {
  completed: 0,
  accepted: 1,
  invalidParameter: 2,
  conflictsWithSetup: 3,
  timingConstraint: 4,
  notAuthorized: 5,
  unrecognized: 6,
} as const;

export interface ProcedureOutcome {
  readonly result: (typeof procedureResult)[keyof typeof procedureResult];
  readonly response: Uint8Array;
}

/** The lists that a head-end reads and then marks as read. */
export type MeterList = "events" | "self-reads" | "profile";

/** What procedure 9 may ask for. */
export interface RemoteResets {
  readonly demand: boolean;
  readonly selfRead: boolean;
}

/** What procedures may touch. */
export interface ProcedureBoard {
  readonly context: MeterContext;
  readonly clock: ClockKeeper;
  readonly configuration: Configuration;
  setClock(utc: number, mode: ClockMode, user: number): void;
  clearRegisters(): void;
  /** False where demand was reset too short a time ago (RESET_EXCLUSION): then nothing is done. */
  reset(resets: RemoteResets, user: number): boolean;
  unread(list: MeterList): number;
  markRead(list: MeterList, count: number, user: number): void;
  clearList(list: MeterList, user: number): void;
  readonly serviceSwitch: Pick<ServiceSwitch, "order"> | undefined;
  clearStatus(whose: "standard" | "manufacturer"): void;
  /** Does to the update what `command` does; what was measured until then was measured before it. */
  commandUpdate(command: (update: MeterUpdate) => UpdateRefusal | undefined): UpdateRefusal | undefined;
  readonly diagnosis: Pick<Diagnosis, "diagnose" | "linkTried" | "reports">;
}

/** One procedure, run for the user of a session. It finishes before table 8 answers; what it changed is durable on return. */
export type Procedure = (board: ProcedureBoard, parameters: Uint8Array, user: number) => ProcedureOutcome;

/** The parameters by their names; undefined where the octets are none of this procedure. */
export function parametersOf(board: ProcedureBoard, procedure: number, octets: Uint8Array): FieldValue | undefined {
  try {
    return board.context.decodeParameters(procedure, octets).tree();
  } catch (error) {
    if (error instanceof TablesError) return undefined;
    throw error;
  }
}

export function outcome(result: ProcedureOutcome["result"], response: Uint8Array = new Uint8Array()): ProcedureOutcome {
  return { result, response };
}
