import type { ClockReading } from "../time/meter-clock.ts";
import { intervalFlag, intervalStatus, type ProfileBlock, type ProfileSize, type ProfileState } from "./profile-state.ts";

/** What recording needs to know of the meter around it. */
export interface ProfileSurroundings {
  readonly size: ProfileSize;
  /** The largest count that an interval holds. */
  readonly largest: number;
  /** Counts a watt-hour of a channel makes. */
  readonly countsPerWattHour: (channel: number) => number;
  /** What the clock shows at an instant of its own universal time, seconds. */
  readonly reading: (utc: number) => ClockReading;
  /** A block that will not change any more. */
  readonly keep: (block: ProfileBlock) => void;
}

/** Something happened to the interval under way: `flags` are added, a `status` other than none replaces. */
export function markInterval(state: ProfileState, flags: number, status: number): void {
  state.flags |= flags;
  if (status !== intervalStatus.none) state.status = status;
}

/**
 * The clock stands at `utc`: intervals that ended before are recorded. A gap of up to a block (no power, a clock put forward) is filled with skipped
 * intervals; after a larger one, or a clock put back, a new block begins. So the intervals of a block follow on each other without a hole, and
 * their times follow from the block's end.
 */
export function enterInterval(state: ProfileState, around: ProfileSurroundings, utc: number): void {
  const { intervalSeconds, intervals, channels } = around.size;
  const number = Math.floor(utc / intervalSeconds);
  const begun = state.interval;
  if (begun === number) return;
  const { shift, flags } = state;
  const gap = begun === null ? 0 : number - begun;
  if (begun !== null) {
    record(state, around, begun, { shift, flags, status: state.status, counts: state.drawn.map((_, channel) => countsOf(state, around, channel)) });
    if (gap < 1 || gap > intervals) state.closed = true;
    for (let skipped = begun + 1; skipped < number && !state.closed; skipped++) {
      const time = timeOf(around, skipped);
      record(state, around, skipped, { shift: time.shift, flags: withDaylight(flags, time.daylight), status: intervalStatus.skipped, counts: Array.from({ length: channels }, () => 0) });
    }
  }
  const time = timeOf(around, number);
  state.interval = number;
  state.shift = time.shift;
  state.flags = withDaylight(gap === 1 ? 0 : flags, time.daylight);
  state.status = utc % intervalSeconds === 0 ? intervalStatus.none : intervalStatus.partial;
}

function timeOf({ size, reading }: ProfileSurroundings, interval: number): { shift: number; daylight: boolean } {
  const begins = interval * size.intervalSeconds;
  const { seconds, daylight } = reading(begins);
  return { shift: seconds - begins, daylight };
}

function withDaylight(flags: number, daylight: boolean): number {
  return daylight ? flags | intervalFlag.daylight : flags & ~intervalFlag.daylight;
}

/** Takes the whole counts out of what was drawn; the rest stays for the next interval, so nothing is lost by rounding. */
function countsOf(state: ProfileState, around: ProfileSurroundings, channel: number): number {
  const factor = around.countsPerWattHour(channel);
  const counts = Math.floor((state.drawn[channel] ?? 0) * factor);
  state.drawn[channel] = (state.drawn[channel] ?? 0) - counts / factor;
  return counts;
}

interface Recorded {
  readonly shift: number;
  readonly flags: number;
  readonly status: number;
  readonly counts: readonly number[];
}

function record(state: ProfileState, around: ProfileSurroundings, interval: number, { shift, flags, status, counts }: Recorded): void {
  const block = blockFor(state, around, shift);
  block.intervals.push({
    flags,
    status: counts.map((count) => (count > around.largest ? intervalStatus.overflow : status)),
    counts: counts.map((count) => Math.min(count, around.largest)),
  });
  block.end = (interval + 1) * around.size.intervalSeconds + shift;
  block.readings = [...state.totals];
}

/** The newest block, or a new one where it is full or closed or was recorded under another reading of the time. */
function blockFor(state: ProfileState, { size, keep }: ProfileSurroundings, shift: number): ProfileBlock {
  const newest = state.block;
  if (newest && !state.closed && newest.shift === shift && newest.intervals.length < size.intervals) return newest;
  if (newest) keep(filled(newest, size));
  state.closed = false;
  state.sequence += 1;
  state.valid = Math.min(state.valid + 1, size.blocks);
  state.overflow ||= state.unread === size.blocks;
  state.unread = Math.min(state.unread + 1, size.blocks);
  return (state.block = { sequence: state.sequence, shift, end: 0, intervals: [], readings: [] });
}

/** A block that ends early, its empty places said to be so; its end is the one it would have had. */
function filled(block: ProfileBlock, { intervals, intervalSeconds, channels }: ProfileSize): ProfileBlock {
  const missing = intervals - block.intervals.length;
  const ofAll = (value: number): number[] => Array.from({ length: channels }, () => value);
  const empty = Array.from({ length: missing }, () => ({ flags: 0, status: ofAll(intervalStatus.stopped), counts: ofAll(0) }));
  return { ...block, end: block.end + missing * intervalSeconds, intervals: [...block.intervals, ...empty] };
}
