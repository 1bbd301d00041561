import { concatBytes } from "@metersmith/base/bytes";
import type { DecodedTable, FieldValue } from "@metersmith/tables";
import { ClientError } from "../client-error.ts";
import type { Collector } from "./collector.ts";
import { contradiction, newSince, placeOf, readListStatus, type ListFields, type ListStatus } from "./list-status.ts";

export interface MeterEventRead {
  readonly number: number;
  /** By the meter's clock, without a zone. */
  readonly time: string;
  readonly user: number;
  readonly code: number;
  /** The code is its maker's, not the standard's. */
  readonly manufacturer: boolean;
  /** By the standard's list; absent for a code that it does not name. */
  readonly name?: string;
  /** Hexadecimal. */
  readonly argument: string;
}

export interface EventsRead {
  /** Oldest first. */
  readonly events: readonly MeterEventRead[];
  /** Entries that the meter dropped before they were read. */
  readonly lost: number;
  readonly status: ListStatus;
}

const eventLog = 76;
const fields: ListFields = { flags: "EVENT_FLAGS", valid: "NBR_VALID_ENTRIES", last: "LAST_ENTRY_ELEMENT", sequence: "LAST_ENTRY_SEQ_NBR", unread: "NBR_UNREAD_ENTRIES" };
/** How often a log that changes while it is read is begun again. */
const attempts = 3;

/** The entries of table 76 after number `since`: its head, then only their octets. Undefined where the meter keeps no log. */
export async function readEvents(collector: Collector, since: number | undefined): Promise<EventsRead | undefined> {
  if (!collector.context.has(eventLog)) return undefined;
  collector.expect(1);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = await readOnce(collector, since);
    if (found) {
      collector.step(`${found.events.length} events`);
      return found;
    }
  }
  throw new ClientError("peer-data", "list-moving", `The event log (table ${eventLog}) changed each of the ${attempts} times it was read. Read it when the meter is quieter.`, { table: eventLog });
}

export async function readEventStatus(collector: Collector): Promise<ListStatus> {
  return statusIn(collector, await headOf(collector));
}

/** Undefined where an entry is not the one that its place should hold, because the log went on in the meantime. */
async function readOnce(collector: Collector, since: number | undefined): Promise<EventsRead | undefined> {
  const status = statusIn(collector, await headOf(collector));
  const { first, lost } = newSince(status, since, fields.sequence);
  const image = new Uint8Array(collector.context.layout(eventLog).size);
  for (const { from, count } of placesInRuns(status, first)) {
    const { offset, size } = place(collector, from);
    image.set(await collector.range(eventLog, offset, size * count), offset);
  }
  const log = collector.context.decode(eventLog, image);
  const events: MeterEventRead[] = [];
  for (let number = first; number <= status.sequence; number++) {
    const event = eventIn(collector, log, placeOf(status, number), number);
    if (event) events.push(event);
    else if (statusIn(collector, await headOf(collector)).sequence !== status.sequence) return undefined;
    else throw contradiction(eventLog, `ENTRIES[${placeOf(status, number)}].EVENT_SEQ_NBR`, `${number & 0xffff}, by the head of the list`, Number(log.get(`ENTRIES[${placeOf(status, number)}].EVENT_SEQ_NBR`)));
  }
  return { events, lost, status };
}

async function headOf(collector: Collector): Promise<Uint8Array> {
  const { layout, end } = logHead(collector);
  return concatBytes(await collector.range(eventLog, 0, end), new Uint8Array(layout.size - end));
}

function logHead({ context }: Collector): { layout: ReturnType<typeof context.layout>; end: number } {
  const layout = context.layout(eventLog);
  return { layout, end: layout.part("ENTRIES")?.offset ?? layout.size };
}

function statusIn({ context }: Collector, head: Uint8Array): ListStatus {
  const decoded = context.decode(eventLog, head);
  const entries = decoded.layout.part("ENTRIES")?.shape;
  return readListStatus(decoded, fields, entries?.kind === "array" ? entries.count : 0);
}

function place({ context }: Collector, index: number): { offset: number; size: number } {
  const part = context.layout(eventLog).part(`ENTRIES[${index}]`);
  return { offset: part?.offset ?? 0, size: part?.shape.size ?? 0 };
}

/** The places of the entries from `first` on, as few runs of neighbours: one or, around the end of the ring, two. */
function placesInRuns(status: ListStatus, first: number): { from: number; count: number }[] {
  const places = Array.from({ length: Math.max(0, status.sequence - first + 1) }, (_, index) => placeOf(status, first + index)).sort((a, b) => a - b);
  const runs: { from: number; count: number }[] = [];
  for (const at of places) {
    const run = runs.at(-1);
    if (run && run.from + run.count === at) run.count += 1;
    else runs.push({ from: at, count: 1 });
  }
  return runs;
}

function eventIn({ context }: Collector, log: DecodedTable, at: number, number: number): MeterEventRead | undefined {
  const entry = log.get(`ENTRIES[${at}]`) as { readonly [field: string]: FieldValue };
  if (Number(entry["EVENT_SEQ_NBR"]) !== (number & 0xffff)) return undefined;
  const { TBL_PROC_NBR: code, STD_VS_MFG: manufacturer } = entry["EVENT_CODE"] as { readonly [field: string]: FieldValue };
  const name = manufacturer === true ? undefined : context.definitions.label("STANDARD_EVENT", Number(code));
  return { number, time: String(entry["EVENT_TIME"]), user: Number(entry["USER_ID"]), code: Number(code), manufacturer: manufacturer === true, ...(name === undefined ? {} : { name }), argument: String(entry["EVENT_ARGUMENT"] ?? "") };
}
