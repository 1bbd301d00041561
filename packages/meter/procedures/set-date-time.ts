import { civilSeconds, civilText, dayOf, weekdayOf } from "../time/civil-date.ts";
import { utcOf, type ClockMode } from "../time/meter-clock.ts";
import { numberIn, textIn } from "../tree-access.ts";
import { outcome, parametersOf, procedureResult, type ProcedureBoard, type ProcedureOutcome } from "./procedure.ts";

/** DAY_OF_WEEK that says nothing. */
const weekdayNotGiven = 7;

/**
 * Procedure 10. Date, time and qualifiers must be set together: a reading without its qualifiers names no instant. The qualifiers
 * choose what the clock shows from then on: GMT_FLAG universal time; TM_ZN_APPLIED standard time by table 53, and with
 * DST_SUPPORTED prevailing time by table 54 too. Anything contradictory is an invalid parameter. Ours where the standard's
 * meaning of the mask is unverified (facts 6).
 */
export function setDateTime(board: ProcedureBoard, parameters: Uint8Array, user: number): ProcedureOutcome {
  const given = parametersOf(board, 10, parameters);
  if (given === undefined) return outcome(procedureResult.invalidParameter);
  const mask = ["SET_TIME_FLAG", "SET_DATE_FLAG", "SET_TIME_DATE_QUAL"].map((flag) => numberIn(given, "SET_MASK", flag));
  const reading = civilSeconds(textIn(given, "DATE_TIME"));
  const qualifier = (flag: string): boolean => numberIn(given, "TIME_DATE_QUAL", flag) === 1;
  const mode = modeOf(qualifier);
  const daylight = qualifier("DST_APPLIED_FLAG");
  if (mask.includes(0) || reading === undefined || mode === undefined) return outcome(procedureResult.invalidParameter);
  if (daylight !== qualifier("DST_FLAG") || (daylight && mode !== "prevailing")) return outcome(procedureResult.invalidParameter);
  const weekday = numberIn(given, "TIME_DATE_QUAL", "DAY_OF_WEEK");
  if (weekday !== weekdayNotGiven && weekday !== weekdayOf(dayOf(reading))) return outcome(procedureResult.invalidParameter);
  const before = civilText(board.clock.reading(board.configuration).seconds);
  board.setClock(utcOf(reading, mode, daylight, board.configuration.offset), mode, user);
  const after = civilText(board.clock.reading(board.configuration).seconds);
  return outcome(procedureResult.completed, board.context.encodeResponse(10, { DATE_TIME_BEFORE: before, DATE_TIME_AFTER: after }));
}

function modeOf(qualifier: (flag: string) => boolean): ClockMode | undefined {
  const [utc, zone, daylight] = [qualifier("GMT_FLAG"), qualifier("TM_ZN_APPLIED_FLAG"), qualifier("DST_SUPPORTED_FLAG")];
  if (utc === zone) return undefined;
  if (utc) return daylight ? undefined : "utc";
  return daylight ? "prevailing" : "standard";
}
