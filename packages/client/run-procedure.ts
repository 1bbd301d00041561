import { concatBytes, equalBytes } from "@metersmith/base/bytes";
import type { Clock } from "@metersmith/base/clock";
import { PsemError, type PsemClient } from "@metersmith/psem";
import type { FieldValue, MeterContext } from "@metersmith/tables";
import { ClientError } from "./client-error.ts";
import { pause } from "./pause.ts";
import { procedureOutcome, type ProcedureOutcome } from "./procedure-result.ts";

/**
 * When table 8 is to answer (SELECTOR of table 7; facts ST7): once the procedure has ended · only if it fails · never · at once with
 * "accepted", and again at its end.
 */
export type ProcedureReply = "on-completion" | "on-exception" | "never" | "immediate-and-on-completion";

export interface ProcedureAnswer {
  /** RESULT_CODE: 0 completed … 6 unrecognized; see `procedureResults`. */
  readonly result: number;
  readonly outcome: ProcedureOutcome;
  readonly response: Uint8Array;
  /** The meter was asked not to say that it succeeded, and has said nothing. */
  readonly assumed?: true;
}

export interface ProcedureOptions {
  /** Ends the waiting, not the procedure: that runs on in the meter. */
  readonly signal?: AbortSignal;
  /** `on-completion` by default. */
  readonly reply?: ProcedureReply;
  /** Milliseconds to wait for the end at most; 60,000 by default. */
  readonly deadline?: number;
}

const selectors: Readonly<Record<ProcedureReply, number>> = { "on-completion": 0, "on-exception": 1, never: 2, "immediate-and-on-completion": 3 };
const defaultDeadline = 60_000;
/** Between two reads of table 8, milliseconds, doubling. The longest stays under the 6 s of silence after which a meter ends the session. */
const [firstPause, longestPause] = [100, 4000];
/** Without a clock each read is at least a round trip of the link. */
const mostReadsWithoutClock = 20;
/** PROC and SEQ_NBR, in tables 7 and 8 alike. */
const headerLength = 3;
const accepted = 1;

/**
 * Writes table 7 and reads table 8 until the procedure has ended. Not answered yet are: result 1, an answer to an earlier procedure (the table holds
 * the last one until this one ends), and the refusals `bsy` and `dnr`. Rejects as `procedure-lost` at the deadline.
 */
export async function runProcedure(
  psem: PsemClient, context: MeterContext, sequence: number, number: number, parameters: FieldValue | Uint8Array, options: ProcedureOptions, clock: Clock | undefined,
): Promise<ProcedureAnswer> {
  const reply = options.reply ?? "on-completion";
  const octets = parameters instanceof Uint8Array ? parameters : context.encodeParameters(number, parameters);
  const proc = { TBL_PROC_NBR: number & 0x7ff, STD_VS_MFG: number >= 2048 };
  const headerWith = (selector: number): Uint8Array => context.encode(7, { PROC: { ...proc, SELECTOR: selector }, SEQ_NBR: sequence }).subarray(0, headerLength);
  const header = headerWith(selectors[reply]);
  options.signal?.throwIfAborted();
  await psem.writeTable(7, concatBytes(header, octets));
  if (reply === "never") return completedUnseen;

  // Some meters echo the selector in table 8, some do not.
  const echoes = [header, headerWith(0)];
  const until = clock && clock.now() + (options.deadline ?? defaultDeadline);
  let wait = firstPause;
  for (let reads = 1; ; reads++) {
    const seen = answerIn(await readAnswer(psem, options), echoes);
    if (seen && seen.result !== accepted) return seen;
    if (!seen && reply === "on-exception") return completedUnseen;
    if (clock === undefined || until === undefined ? reads >= mostReadsWithoutClock : clock.now() + wait > until) throw lost(number, seen !== undefined, reads);
    if (clock) await pause(clock, wait, options.signal);
    wait = Math.min(wait * 2, longestPause);
  }
}

const completedUnseen: ProcedureAnswer = { result: 0, outcome: "completed", response: new Uint8Array(), assumed: true };

/** The sequence number in table 8, which an earlier session may have left there; 0 where it cannot be read. */
export async function lastSequence(psem: PsemClient, options: ProcedureOptions): Promise<number> {
  try {
    return (await psem.readTable(8, options.signal ? { signal: options.signal } : {}))[headerLength - 1] ?? 0;
  } catch (error) {
    if (error instanceof PsemError && error.kind === "peer-refused") return 0;
    throw error;
  }
}

/** Undefined where the meter has no answer ready. */
async function readAnswer(psem: PsemClient, { signal }: ProcedureOptions): Promise<Uint8Array | undefined> {
  try {
    return await psem.readTable(8, signal ? { signal } : {});
  } catch (error) {
    if (error instanceof PsemError && (error.code === "bsy" || error.code === "dnr")) return undefined;
    throw error;
  }
}

function answerIn(table: Uint8Array | undefined, echoes: readonly Uint8Array[]): ProcedureAnswer | undefined {
  const result = table?.[headerLength];
  if (table === undefined || result === undefined) return undefined;
  const asked = echoes.some((echo) => equalBytes(echo, table.subarray(0, headerLength)));
  return asked ? { result, outcome: procedureOutcome(result), response: table.slice(headerLength + 1) } : undefined;
}

function lost(number: number, begun: boolean, reads: number): ClientError {
  return begun
    ? new ClientError("peer-refused", "procedure-lost", `Procedure ${number} was accepted and had not ended after ${reads} reads of table 8. Read the meter later.`, { table: 8, actual: accepted })
    : new ClientError("peer-data", "procedure-lost", `Table 8 never answered procedure ${number}, which was started (${reads} reads): another session may have started one since. Read the meter before starting it again.`, { table: 8 });
}
