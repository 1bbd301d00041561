import { concatBytes } from "@metersmith/base/bytes";
import { ClientError } from "../client-error.ts";
import type { Collector } from "./collector.ts";
import { backwards, newSince, oldestOf, placeOf } from "./list-status.ts";
import { readProfileStatus, type ProfileSet, type ProfileStatus } from "./profile-set.ts";

/** A block as octets: its head, and its intervals from `from` on (those before were read by an earlier visit). */
export interface BlockOctets {
  readonly number: number;
  /** Whole length; what was not read is zero. */
  readonly octets: Uint8Array;
  readonly from: number;
  /** Intervals that it holds. */
  readonly count: number;
  /** No interval will be added. */
  readonly finished: boolean;
}

export interface ProfileOctets {
  /** Oldest first. */
  readonly blocks: readonly BlockOctets[];
  /** Blocks that the meter dropped before they were read. */
  readonly lost: number;
  readonly status: ProfileStatus;
}

export interface ProfileMark {
  readonly block: number;
  readonly intervals: number;
}

/** How often a block that grows while it is read is begun again. */
const attempts = 4;

/**
 * The blocks after `since`, and of that block the intervals that were added: finished blocks first, oldest first, the newest last. The newest is read between
 * two looks at table 63, so that its end and its number of intervals belong together; blocks that the ring overwrote in the meantime are left out and counted as lost.
 */
export async function readProfile(collector: Collector, set: ProfileSet, since: ProfileMark | undefined): Promise<ProfileOctets> {
  const { after, first, status, lost } = await whatIsNew(collector, set, since);
  collector.expect(status.sequence - first + 1);
  const alreadyRead = (number: number): number => (since && number === since.block ? since.intervals : 0);
  const held = heldBefore(collector, set, after, first);
  const blocks: BlockOctets[] = [];
  const ahead = new Map<number, Uint8Array>();
  for (let number = first; number < status.sequence; number++) {
    const from = alreadyRead(number);
    const key = `${set.set}/${number}`;
    const known = from === 0 ? collector.block(key) : undefined;
    const whole = known?.length === blockSize(set) ? known : ahead.get(number);
    if (!whole && from === 0) for (const [next, read] of await readRun(collector, set, status, number)) ahead.set(next, read);
    const octets = whole ?? ahead.get(number) ?? (await readBlock(collector, set, status, number, from, set.intervals));
    ahead.delete(number);
    if (from === 0 && octets !== known) collector.keepBlock(key, octets);
    blocks.push({ number, octets, from, count: set.intervals, finished: true });
    collector.step(`load profile block ${number}`);
  }
  const newest = await readNewest(collector, set, status, first <= status.sequence, alreadyRead);
  // What is older now may have been overwritten before it was read.
  const oldest = oldestOf(newest.status);
  const kept = [...blocks, ...newest.blocks].filter(({ number }) => number >= oldest);
  const [oldestHeld] = held;
  const dropped = since === undefined && oldestHeld ? first - oldestHeld.number : lost;
  return { blocks: [...held, ...kept], lost: dropped - held.length + blocks.length + newest.blocks.length - kept.length, status: newest.status };
}

/** Blocks that an interrupted reading had gathered and the ring has dropped since: number above `after` and below `first`. */
function heldBefore(collector: Collector, set: ProfileSet, after: number, first: number): BlockOctets[] {
  return collector.blocksOf(set.set).filter((number) => number > after && number < first).flatMap((number) => {
    const octets = collector.block(`${set.set}/${number}`);
    return octets?.length === blockSize(set) ? [{ number, octets, from: 0, count: set.intervals, finished: true }] : [];
  });
}

async function whatIsNew(collector: Collector, set: ProfileSet, since: ProfileMark | undefined): Promise<{ after: number; first: number; status: ProfileStatus; lost: number }> {
  const status = await readProfileStatus(collector, set);
  if (status.intervalsDescending) {
    throw new ClientError("peer-data", "unsupported-list", `Load profile set ${set.set} keeps the newest interval of a block first (INTERVAL_ORDER, table 63), which is not read here.`, { table: 63 });
  }
  const sequence = `LP_STATUS_SET${set.set}.LAST_BLOCK_SEQ_NBR`;
  if (since && since.block === status.sequence && status.valid > 0 && since.intervals > status.newestIntervals) {
    throw backwards(63, `LP_STATUS_SET${set.set}.NBR_VALID_INT`, since.intervals, status.newestIntervals);
  }
  // A block of which only a part was read is read on.
  const whole = since && (since.intervals >= set.intervals ? since.block : since.block - 1);
  if (since && since.block > status.sequence) throw backwards(63, sequence, since.block, status.sequence);
  const { first, lost } = newSince(status, whole, sequence);
  const nothingNew = since !== undefined && first === status.sequence && since.block === first && since.intervals === status.newestIntervals;
  return { after: whole ?? -1, first: nothingNew ? first + 1 : first, status, lost };
}

/** The newest block, and finished ones between if blocks ended while it was read. */
async function readNewest(
  collector: Collector, set: ProfileSet, known: ProfileStatus, wanted: boolean, alreadyRead: (number: number) => number,
): Promise<{ blocks: BlockOctets[]; status: ProfileStatus }> {
  if (!wanted) return { blocks: [], status: known };
  let status = known;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const blocks: BlockOctets[] = [];
    for (let number = known.sequence; number <= status.sequence; number++) {
      const finished = number < status.sequence || status.newestIntervals === set.intervals;
      const count = finished ? set.intervals : status.newestIntervals;
      const from = Math.min(alreadyRead(number), count);
      blocks.push({ number, octets: await readBlock(collector, set, status, number, from, count), from, count, finished });
    }
    const after = await readProfileStatus(collector, set);
    if (after.sequence < status.sequence) throw backwards(63, `LP_STATUS_SET${set.set}.LAST_BLOCK_SEQ_NBR`, status.sequence, after.sequence);
    if (after.sequence === status.sequence && after.newestIntervals === status.newestIntervals) {
      collector.step(`load profile block ${status.sequence}`);
      return { blocks, status: after };
    }
    if (after.sequence - known.sequence >= set.blocks) break;
    status = after;
  }
  throw new ClientError("peer-data", "list-moving", `Load profile set ${set.set} grew each of the ${attempts} times its newest block was read. Read it again.`, { table: set.table });
}

/** Octets asked for at once: fewer requests and fuller packets; at 9600 baud an interruption loses 9 s of reading at most. */
const runOctets = 8192;

/** Finished blocks from `number` on that lie side by side and are not held yet, in one request. */
async function readRun(collector: Collector, set: ProfileSet, status: ProfileStatus, number: number): Promise<ReadonlyMap<number, Uint8Array>> {
  const size = blockSize(set);
  const start = set.layout.part(`LP_DATA_SET${set.set}[${placeOf(status, number)}]`)?.offset ?? 0;
  const follows = (next: number): boolean => placeOf(status, next) === placeOf(status, number) + next - number && !collector.block(`${set.set}/${next}`);
  let end = number + 1;
  while (end < status.sequence && (end + 1 - number) * size <= runOctets && follows(end)) end++;
  const octets = await collector.range(set.table, start, (end - number) * size);
  return new Map(Array.from({ length: end - number }, (_, place) => [number + place, octets.slice(place * size, (place + 1) * size)]));
}

/** The head of a block and its intervals from `from` up to `count`, in one request where they lie side by side. */
async function readBlock(collector: Collector, set: ProfileSet, status: ProfileStatus, number: number, from: number, count: number): Promise<Uint8Array> {
  const block = `LP_DATA_SET${set.set}[${placeOf(status, number)}]`;
  const start = set.layout.part(block)?.offset ?? 0;
  const at = (interval: number): number => {
    const part = set.layout.part(`${block}.LP_INT[${Math.min(interval, set.intervals - 1)}]`);
    return part ? part.offset + (interval < set.intervals ? 0 : part.shape.size) : start + blockSize(set);
  };
  const [head, begin, end] = [at(0), at(from), at(count)];
  const read =
    from === 0
      ? await collector.range(set.table, start, end - start)
      : concatBytes(
          await collector.range(set.table, start, head - start),
          new Uint8Array(begin - head),
          end > begin ? await collector.range(set.table, begin, end - begin) : new Uint8Array(),
        );
  return concatBytes(read, new Uint8Array(blockSize(set) - read.length));
}

export function blockSize({ layout, set }: ProfileSet): number {
  return layout.part(`LP_DATA_SET${set}[0]`)?.shape.size ?? 0;
}
