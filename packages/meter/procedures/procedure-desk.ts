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

/** SELECTOR of table 7: when table 8 is to answer. 0: once, at the end. Source: facts ST7. */
const selector = { onException: 1, never: 2, immediatelyToo: 3 } as const;

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

  /** Table 8: zeros until a procedure has answered; while one is under way the answer to the one before, or that it was accepted. */
  get response(): Uint8Array {
    return this.#response;
  }

  /**
   * Begins what table 7 asks for. The write itself is `ok` whatever the procedure's result, which table 8 shows when the procedure has ended; at
   * once for a procedure that takes no time or is refused, and, where asked for, for the news that it has begun.
   */
  initiate(bytes: Uint8Array, groups: Groups, user: number): ResponseCode {
    const { context } = this.#board;
    if (bytes.length < headerLength || bytes.length > context.layout(7).size) return "iar";
    this.#initiated = bytes.slice();
    const head = bytes.slice(0, headerLength);
    const header = context.decode(7, bytes).get("PROC");
    const answers = numberIn(header, "SELECTOR");
    const number = numberIn(header, "TBL_PROC_NBR") + manufacturer * numberIn(header, "STD_VS_MFG");
    const answer = ({ result, response }: ProcedureOutcome): void => {
      const silent = answers === selector.never || (answers === selector.onException && result === procedureResult.completed);
      if (!silent) this.#response = concatBytes(head, Uint8Array.of(result), response);
    };
    const refusal = answers > selector.immediatelyToo ? procedureResult.invalidParameter : this.#refuses(number, groups);
    if (refusal !== undefined) answer(outcome(refusal));
    else this.#begin(number, bytes.slice(headerLength), user, answers === selector.immediatelyToo, answer);
    return "ok";
  }

  #begin(number: number, parameters: Uint8Array, user: number, immediatelyToo: boolean, answer: (outcome: ProcedureOutcome) => void): void {
    const procedure = standardProcedures.get(number);
    if (!procedure) return answer(outcome(procedureResult.unrecognized));
    const began = this.#board.pace.start(number, () => answer(procedure(this.#board, parameters, user)));
    if (began === "busy") answer(outcome(procedureResult.timingConstraint));
    if (began === "begun" && immediatelyToo) answer(outcome(procedureResult.accepted));
  }

  #refuses(number: number, groups: Groups): ProcedureOutcome["result"] | undefined {
    const { context, permissions } = this.#board;
    if (!context.hasProcedure(number) || !standardProcedures.has(number)) return procedureResult.unrecognized;
    return permissions.mayRun(number, groups) ? undefined : procedureResult.notAuthorized;
  }
}
