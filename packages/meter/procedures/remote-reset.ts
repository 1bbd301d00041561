import { numberIn } from "../tree-access.ts";
import { outcome, parametersOf, procedureResult, type ProcedureBoard, type ProcedureOutcome } from "./procedure.ts";

const demandResetOnly = 1;

/** Procedure 9. Of its actions this meter knows the demand reset; asked for any other too, or for none, it does nothing (ours). */
export function remoteReset(board: ProcedureBoard, parameters: Uint8Array, user: number): ProcedureOutcome {
  const given = parametersOf(board, 9, parameters);
  const onlyThat = parameters[0] === demandResetOnly && numberIn(given, "ACTION", "DEMAND_RESET") === 1;
  if (!onlyThat) return outcome(procedureResult.invalidParameter);
  board.resetDemand(user);
  return outcome(procedureResult.completed, board.context.encodeResponse(9, { SUCCESS: { DEMAND_RESET: true } }));
}
