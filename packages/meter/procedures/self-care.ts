import { numberIn } from "../tree-access.ts";
import { outcome, parametersOf, procedureResult, type Procedure, type ProcedureBoard, type ProcedureOutcome } from "./procedure.ts";

/** Manufacturer procedures 8 and 9 (ours). */
export const acknowledgeReportNumber = 2056;
export const noteLinkNumber = 2057;

/** LINK of the procedure NOTE_LINK. */
const links: Readonly<Record<number, "head-end" | "home-device">> = { 1: "head-end", 2: "home-device" };

/** Procedures 7 and 8: flags that are held are cleared. What still fails shows again when it is next found. */
export function clearing(whose: "standard" | "manufacturer"): Procedure {
  return (board, parameters) => {
    if (parameters.length > 0) return outcome(procedureResult.invalidParameter);
    board.clearStatus(whose);
    return outcome(procedureResult.completed);
  };
}

/** Procedure 11: all diagnostics, now. The standard's response is not open; this one is ours. The results stand in table DIAGNOSTICS_STATUS_TBL. */
export function runDiagnostics(board: ProcedureBoard, parameters: Uint8Array): ProcedureOutcome {
  if (parameters.length > 0) return outcome(procedureResult.invalidParameter);
  const { run, failed } = board.diagnosis.diagnose();
  return outcome(procedureResult.completed, board.context.encodeResponse(11, { NBR_RUN: run, FAILED: failed.map((number) => number - 1) }));
}

/** A report has arrived where it belongs. One that is not there, or has happened again since, is an invalid parameter. */
export function acknowledgeReport(board: ProcedureBoard, parameters: Uint8Array): ProcedureOutcome {
  const given = parametersOf(board, acknowledgeReportNumber, parameters);
  const known = given !== undefined && board.diagnosis.reports.acknowledge(numberIn(given, "REPORT_ID"));
  return outcome(known ? procedureResult.completed : procedureResult.invalidParameter);
}

/** The communications card says whether it reached the head-end, or a home device. */
export function noteLink(board: ProcedureBoard, parameters: Uint8Array): ProcedureOutcome {
  const given = parametersOf(board, noteLinkNumber, parameters);
  const link = given && links[numberIn(given, "LINK")];
  if (!link) return outcome(procedureResult.invalidParameter);
  board.diagnosis.linkTried(link, numberIn(given, "REACHED") === 1, numberIn(given, "DEVICE"));
  return outcome(procedureResult.completed);
}
