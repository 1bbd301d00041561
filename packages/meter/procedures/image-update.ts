import { numberIn } from "../tree-access.ts";
import type { MeterUpdate } from "../update/meter-update.ts";
import { refusalCodes, type OutcomeCode, type UpdateRefusal } from "../update/update-refusal.ts";
import { outcome, parametersOf, procedureResult, type Procedure, type ProcedureBoard, type ProcedureOutcome } from "./procedure.ts";

/** Manufacturer procedures 10 to 15 (ours). */
export const imageProcedure = { begin: 2058, verify: 2059, activate: 2060, confirm: 2061, revert: 2062, abort: 2063 } as const;

const results: { readonly [Code in OutcomeCode]?: ProcedureOutcome["result"] } = {
  "too-large": procedureResult.invalidParameter, early: procedureResult.timingConstraint, clock: procedureResult.timingConstraint,
};

/** By number: result 0, or a result that comes near, and in any case UPDATE_RESPONSE_RCD with the exact reason and its place. */
export const imageProcedures: readonly (readonly [number, Procedure])[] = [
  [imageProcedure.begin, (board, parameters) => {
    const given = parametersOf(board, imageProcedure.begin, parameters);
    return given === undefined ? outcome(procedureResult.invalidParameter) : commanded(board, imageProcedure.begin, (update) => update.begin(numberIn(given, "SIZE")));
  }],
  [imageProcedure.activate, (board, parameters) => {
    const given = parametersOf(board, imageProcedure.activate, parameters);
    if (given === undefined) return outcome(procedureResult.invalidParameter);
    const at = numberIn(given, "AT");
    return commanded(board, imageProcedure.activate, (update) => update.activate(at === 0 ? undefined : at));
  }],
  ...(["verify", "confirm", "revert", "abort"] as const).map((what) => [imageProcedure[what], (board: ProcedureBoard, parameters: Uint8Array) =>
    (parameters.length > 0 ? outcome(procedureResult.invalidParameter) : commanded(board, imageProcedure[what], (update) => update[what]()))] as const),
];

function commanded(board: ProcedureBoard, procedure: number, command: (update: MeterUpdate) => UpdateRefusal | undefined): ProcedureOutcome {
  const refusal = board.commandUpdate(command);
  const response = board.context.encodeResponse(procedure, { OUTCOME: refusalCodes.indexOf(refusal?.code ?? "none"), PLACE: refusal?.place ?? 0 });
  return outcome(refusal ? (results[refusal.code] ?? procedureResult.conflictsWithSetup) : procedureResult.completed, response);
}
