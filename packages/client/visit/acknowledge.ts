import { ClientError } from "../client-error.ts";
import type { MeterClient } from "../meter-client.ts";
import type { Waiting } from "../waiting.ts";
import { procedureRefusal } from "../procedure-result.ts";
import { Collector } from "./collector.ts";
import { backwards, type ListStatus } from "./list-status.ts";
import type { VisitPosition } from "./position.ts";
import { profileSets, readProfileStatus } from "./profile-set.ts";
import { readEventStatus } from "./read-events.ts";

/** Entries that the meter was told of as read. */
export interface Acknowledged {
  readonly events: number;
  /** Blocks by set, "1" to "4". */
  readonly blocks: { readonly [set: string]: number };
}

const updateLastRead = 5;
const eventLog = 76;
/** LIST of procedure 5 (facts 6): the event log, and the load profile sets from 3 on. */
const listCode = { events: 1, profileSet: (set: number): number => set + 2 } as const;

/**
 * Tells the meter that entries have been read, by procedure 5: exactly those up to `stored` that it still counts as unread. Reading never does this. Call it when a head-end has
 * stored what the visit gave and said so: what is acknowledged the meter may overwrite, and no other reader is told of it. Of the newest block only
 * a finished one counts. Doing it twice does nothing the second time.
 *
 * Rejects as `sequence-backwards` where the meter has no entry of that number yet, as `procedure-refused` where it says no.
 */
export async function acknowledge(meter: MeterClient, stored: VisitPosition, options: Waiting = {}): Promise<Acknowledged> {
  const collector = await Collector.of(meter, options, stored.meter);
  // All is held against the meter's lists before anything is moved.
  const events = stored.events === undefined || !collector.context.has(eventLog) ? 0 : unreadUpTo(await readEventStatus(collector), stored.events, "LAST_ENTRY_SEQ_NBR");
  const blocks = new Map<number, number>();
  for (const set of await profileSets(collector)) {
    const at = stored.profile?.[set.set];
    if (at === undefined) continue;
    const status = await readProfileStatus(collector, set);
    const field = `LP_STATUS_SET${set.set}.LAST_BLOCK_SEQ_NBR`;
    if (at.block > status.sequence) throw backwards(status.table, field, at.block, status.sequence);
    blocks.set(set.set, unreadUpTo(status, at.intervals >= set.intervals ? at.block : at.block - 1, field));
  }
  await mark(meter, listCode.events, events, options);
  for (const [set, count] of blocks) await mark(meter, listCode.profileSet(set), count, options);
  return { events, blocks: Object.fromEntries(blocks) };
}

/** Of the unread entries, which are the newest ones, those up to a number. */
function unreadUpTo({ table, sequence, unread }: ListStatus, number: number, field: string): number {
  if (number > sequence) throw backwards(table, field, number, sequence);
  return Math.max(0, number - (sequence - unread));
}

async function mark(meter: MeterClient, list: number, count: number, options: Waiting): Promise<void> {
  if (count === 0) return;
  const { result } = await meter.procedure(updateLastRead, { LIST: list, ENTRIES_READ: count }, options);
  if (result === 0) return;
  throw new ClientError("peer-refused", "procedure-refused", `The meter refused to mark ${count} entries of list ${list} as read (procedure ${updateLastRead}): ${procedureRefusal(result)}`, { table: 8, actual: result });
}
