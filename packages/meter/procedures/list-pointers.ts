import { numberIn } from "../tree-access.ts";
import { outcome, parametersOf, procedureResult, type MeterList, type ProcedureBoard, type ProcedureOutcome } from "./procedure.ts";

/** LIST of procedures 4 and 5 (facts 6), as far as this meter has the lists. */
const listsByCode: Readonly<Record<number, readonly MeterList[]>> = { 1: ["events"], 2: ["self-reads"], 3: ["profile"], 7: ["profile"], 255: ["profile"] };

/** The lists of a code, where the model has them. */
function listsOf(board: ProcedureBoard, code: number): readonly MeterList[] | undefined {
  return code === 2 && !board.context.has(26) ? undefined : listsByCode[code];
}

/** Procedure 4: the lists are empty from then on; numbers of entries go on (ours). */
export function resetListPointers(board: ProcedureBoard, parameters: Uint8Array, user: number): ProcedureOutcome {
  const given = parametersOf(board, 4, parameters);
  const lists = given && listsOf(board, numberIn(given, "LIST"));
  if (!lists) return outcome(procedureResult.invalidParameter);
  for (const list of lists) board.clearList(list, user);
  return outcome(procedureResult.completed);
}

/** Procedure 5: the oldest unread entries are marked as read. More than there are is an invalid parameter, and marks none (ours). */
export function updateLastRead(board: ProcedureBoard, parameters: Uint8Array, user: number): ProcedureOutcome {
  const given = parametersOf(board, 5, parameters);
  const lists = given && listsOf(board, numberIn(given, "LIST"));
  const count = numberIn(given, "ENTRIES_READ");
  if (!lists || lists.some((list) => count > board.unread(list))) return outcome(procedureResult.invalidParameter);
  if (count > 0) for (const list of lists) board.markRead(list, count, user);
  return outcome(procedureResult.completed);
}
