import { numberIn } from "../tree-access.ts";
import { outcome, parametersOf, procedureResult, type ProcedureBoard, type ProcedureOutcome } from "./procedure.ts";

/** Actions by their bits: demand reset, self read. */
const [demandReset, selfRead] = [1, 2];

/**
 * Procedure 9. Of its actions this meter knows the demand reset and, where it has table 26, the self read, which is taken first; asked for any other too, or for
 * none, it does nothing (ours).
 */
export function remoteReset(board: ProcedureBoard, parameters: Uint8Array, user: number): ProcedureOutcome {
  const given = parametersOf(board, 9, parameters);
  const known = demandReset | (board.context.has(26) ? selfRead : 0);
  const asked = parameters[0] ?? 0;
  if (given === undefined || asked === 0 || (asked & ~known) !== 0) return outcome(procedureResult.invalidParameter);
  const resets = { demand: numberIn(given, "ACTION", "DEMAND_RESET") === 1, selfRead: numberIn(given, "ACTION", "SELF_READ") === 1 };
  if (!board.reset(resets, user)) return outcome(procedureResult.timingConstraint);
  return outcome(procedureResult.completed, board.context.encodeResponse(9, { SUCCESS: { DEMAND_RESET: resets.demand, SELF_READ: resets.selfRead } }));
}
