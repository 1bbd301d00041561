import { imageProcedures } from "./image-update.ts";
import { outcome, procedureResult, type Procedure } from "./procedure.ts";
import { resetListPointers, updateLastRead } from "./list-pointers.ts";
import { orderSwitch } from "./order-switch.ts";
import { remoteReset } from "./remote-reset.ts";
import { acknowledgeReport, acknowledgeReportNumber, clearing, noteLink, noteLinkNumber, runDiagnostics } from "./self-care.ts";
import { setDateTime } from "./set-date-time.ts";
import { orderSwitchNumber } from "../protection/protection-tables.ts";

/** The procedures that this meter can run, by number, 2048 + n for the manufacturer's. A model lists which of them it offers (table 0 STD_PROC_USED). */
export const standardProcedures: ReadonlyMap<number, Procedure> = new Map<number, Procedure>([
  [3, (board, parameters) => {
    if (parameters.length > 0) return outcome(procedureResult.invalidParameter);
    board.clearRegisters();
    return outcome(procedureResult.completed);
  }],
  [4, resetListPointers],
  [5, updateLastRead],
  // A meter on a consumer's wall meters; other modes are for the shop, which this one never is.
  [6, () => outcome(procedureResult.notAuthorized)],
  [7, clearing("standard")],
  [8, clearing("manufacturer")],
  [9, remoteReset],
  [10, setDateTime],
  [11, runDiagnostics],
  [acknowledgeReportNumber, acknowledgeReport],
  [noteLinkNumber, noteLink],
  ...imageProcedures,
  [orderSwitchNumber, orderSwitch],
]);

/** What a program's image may have run after its tables: clearing, emptying a list, the demand reset. Ours: the rest is for sessions. */
export const programProcedures: ReadonlySet<number> = new Set([3, 4, 9]);
