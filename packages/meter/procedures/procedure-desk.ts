import { concatBytes } from "@metersmith/base/bytes";
import type { ResponseCode } from "@metersmith/psem";
import type { Board } from "../board.ts";
import type { Groups } from "../sessions/permissions.ts";
import { numberIn } from "../tree-access.ts";
import { outcome, procedureResult, type ProcedureOutcome } from "./procedure.ts";
import { standardProcedures } from "./standard-procedures.ts";

/** PROC (2) and SEQ_NBR (1) in front of the parameters. */
const headerLength = 3;
const manufacturer = 2048;

/** SELECTOR of table 7: when table 8 is to answer. Source: facts ST7. */
const selector = { onException: 1, never: 2, last: 3 } as const;

/** Tables 7 and 8 of one connection: each sees its own procedures, and none another's answer. */
export class ProcedureDesk {
  readonly #board: Board;
  #initiated = new Uint8Array(headerLength);
  #response = new Uint8Array(headerLength + 1);

  constructor(board: Board) {
    this.#board = board;
  }

  /** Table 7 as last written. */
  get initiated(): Uint8Array {
    return this.#initiated;
  }

  /** Table 8: zeros until a procedure has answered. */
  get response(): Uint8Array {
    return this.#response;
  }

  /** Runs what table 7 asks for, to its end. The write itself is `ok` whatever the procedure's result, which is in table 8. */
  initiate(bytes: Uint8Array, groups: Groups, user: number): ResponseCode {
    const { context } = this.#board;
    if (bytes.length < headerLength || bytes.length > context.layout(7).size) return "iar";
    this.#initiated = bytes.slice();
    const header = context.decode(7, bytes).get("PROC");
    const answers = numberIn(header, "SELECTOR");
    const number = numberIn(header, "TBL_PROC_NBR") + manufacturer * numberIn(header, "STD_VS_MFG");
    const { result, response } = answers > selector.last ? outcome(procedureResult.invalidParameter) : this.#run(number, bytes.subarray(headerLength), groups, user);
    const silent = answers === selector.never || (answers === selector.onException && result === procedureResult.completed);
    if (!silent) this.#response = concatBytes(bytes.subarray(0, headerLength), Uint8Array.of(result), response);
    return "ok";
  }

  #run(number: number, parameters: Uint8Array, groups: Groups, user: number): ProcedureOutcome {
    const procedure = this.#board.context.hasProcedure(number) ? standardProcedures.get(number) : undefined;
    if (!procedure) return outcome(procedureResult.unrecognized);
    if (!this.#board.permissions.mayRun(number, groups)) return outcome(procedureResult.notAuthorized);
    return procedure(this.#board, parameters, user);
  }
}
