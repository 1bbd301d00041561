import { orderSwitchNumber } from "../protection/protection-tables.ts";
import { refusalNumber } from "../protection/status-table.ts";
import { numberIn } from "../tree-access.ts";
import { outcome, parametersOf, procedureResult, type ProcedureBoard, type ProcedureOutcome } from "./procedure.ts";

/** ORDER of the procedure ORDER_SWITCH. */
const orders: Readonly<Record<number, "open" | "close" | "arm">> = { 1: "open", 2: "close", 3: "arm" };

/** The utility orders the service switch. Completed: accepted, though opening may wait for a current that the switch can break. Refused: conflicts with the set-up (3), and the response says why. */
export function orderSwitch(board: ProcedureBoard, parameters: Uint8Array): ProcedureOutcome {
  const given = parametersOf(board, orderSwitchNumber, parameters);
  const order = given && orders[numberIn(given, "ORDER")];
  if (!order || !board.serviceSwitch) return outcome(procedureResult.invalidParameter);
  const refusal = board.serviceSwitch.order(order);
  return outcome(refusal === undefined ? procedureResult.completed : procedureResult.conflictsWithSetup, board.context.encodeResponse(orderSwitchNumber, { REFUSAL: refusalNumber(refusal) }));
}
