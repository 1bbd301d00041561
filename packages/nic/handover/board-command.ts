import type { MeterClient } from "@metersmith/client";
import type { FieldValue } from "@metersmith/tables";

/** The board's procedures of updates (docs/reference/meter-memory.md, ours). */
const procedures = { begin: 2058, verify: 2059, activate: 2060, confirm: 2061, revert: 2062, abort: 2063 } as const;

/** RESULT_CODE of table 8. */
const notAuthorized = 5;

/** Why the board refused. */
export interface BoardRefusal {
  /** By its name in the device type (UPDATE_OUTCOME). */
  readonly code: string;
  /** A table or procedure, 0 where none is meant. */
  readonly place: number;
  /** RESULT_CODE of table 8. */
  readonly result: number;
}

/** Has the board do it; undefined where it did. `signal` ends the waiting for its answer. */
export async function boardCommand(meter: MeterClient, command: keyof typeof procedures, parameters: FieldValue = {}, signal?: AbortSignal): Promise<BoardRefusal | undefined> {
  const context = await meter.context();
  const number = procedures[command];
  const given = Object.keys(parameters as object).length === 0 ? new Uint8Array() : context.encodeParameters(number, parameters);
  const { outcome, result, response } = await meter.procedure(number, given, signal ? { signal } : {});
  if (outcome === "completed") return undefined;
  // Refused for the level, it says no more.
  if (response.length === 0) return { code: "not permitted", place: 0, result };
  const said = context.decodeResponse(number, response);
  const code = Number(said.get("OUTCOME"));
  return { code: context.definitions.label("UPDATE_OUTCOME", code) ?? String(code), place: Number(said.get("PLACE")), result };
}

/** Whether the level of this session may have images begun. Asked with parameters of a wrong length, so that nothing happens: who may not is told so before they are looked at. */
export async function mayUpdate(meter: MeterClient): Promise<boolean> {
  const { result } = await meter.procedure(procedures.begin, Uint8Array.of(0));
  return result !== notAuthorized;
}
