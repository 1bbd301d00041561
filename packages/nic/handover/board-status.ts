import type { MeterClient } from "@metersmith/client";
import type { TableId } from "@metersmith/tables";
import { NicError } from "../nic-error.ts";

/** The board's tables of updates (docs/reference/meter-memory.md, ours). */
const tables = { status: 2060, buffer: 2061 } as const satisfies Record<string, TableId>;

/** IMAGE_STATUS_TBL, as far as a sender needs it. */
export interface BoardStatus {
  /** By their names in the device type: UPDATE_PHASE, UPDATE_OUTCOME. */
  readonly phase: string;
  readonly outcome: string;
  /** A table or procedure, 0 where none is meant. */
  readonly outcomePlace: number;
  /** Octets of the image as announced, and the pages of the buffer that are whole. */
  readonly size: number;
  readonly received: readonly number[];
  /** What the buffer takes. */
  readonly bufferOctets: number;
  readonly pageOctets: number;
  readonly unitOctets: number;
  readonly bufferTable: TableId;
  /** Seconds since 1970 UTC, 0 where none is set. */
  readonly activateAt: number;
  readonly trialUntil: number;
  readonly trialPassed: boolean;
  /** SHA-256 of the newest image that was verified, hexadecimal. */
  readonly digest: string;
  readonly counters: { readonly program: number; readonly firmware: number };
  readonly programId: string;
  readonly programVersion: number;
}

/** Throws `no-updates` where the board has no such table, or nobody knows it. */
export async function readBoardStatus(meter: MeterClient): Promise<BoardStatus> {
  const context = await meter.context();
  if (!context.definitions.tables.has(tables.status) || !context.has(tables.status)) throw new NicError("no-updates", "This meter has no tables for updates, or its device type is not known here.", { table: tables.status });
  const status = await meter.readTable(tables.status);
  const number = (field: string): number => Number(status.get(field));
  const label = (enumeration: string, field: string): string => context.definitions.label(enumeration, number(field)) ?? String(number(field));
  return {
    phase: label("UPDATE_PHASE", "PHASE"), outcome: label("UPDATE_OUTCOME", "OUTCOME"), outcomePlace: number("OUTCOME_PLACE"),
    size: number("SIZE"), received: status.get("RECEIVED") as readonly number[], bufferOctets: number("BUFFER_OCTETS"), pageOctets: number("PAGE_OCTETS"), unitOctets: number("UNIT_OCTETS"), bufferTable: tables.buffer,
    activateAt: number("ACTIVATE_AT"), trialUntil: number("TRIAL_UNTIL"), trialPassed: number("TRIAL_PASSED") === 1,
    digest: String(status.get("IMAGE_DIGEST")).toLowerCase(),
    counters: { program: number("PROGRAM_COUNTER"), firmware: number("FIRMWARE_COUNTER") },
    programId: status.text("PROGRAM_ID"), programVersion: number("PROGRAM_VERSION"),
  };
}

/** What table 1 says that runs: 256 × FW_VERSION + FW_REVISION. */
export async function runsNow(meter: MeterClient): Promise<number> {
  const identity = await meter.readTable(1);
  return 256 * Number(identity.get("FW_VERSION")) + Number(identity.get("FW_REVISION"));
}
