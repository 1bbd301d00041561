import type { ClockReading } from "../time/meter-clock.ts";
import { intervalFlag, intervalStatus, ofProfile, type ProfileState } from "./profile-state.ts";

/** What recording needs to know of the meter around it. */
export interface ProfileSurroundings {
  /** The largest count that an interval holds. */
  readonly largest: number;
  /** Counts of a channel's register that make one count of its intervals. */
  readonly unitOf: (channel: number) => number;
  /** What the clock shows at an instant of its own universal time, seconds. */
  readonly reading: (utc: number) => ClockReading;
  /** The newest block will not change any more. */
  readonly keep: () => void;
}

/**
 * The clock stands at `utc`: intervals that ended before are recorded; answers whether any was. A gap of up to a block (no power, a clock put forward) is
 * filled with skipped intervals; after a larger one, or a clock put back, a new block begins. So the intervals of a block follow on each other
 * without a hole, and their times follow from the block's end.
 */
export function enterInterval(state: ProfileState, around: ProfileSurroundings, utc: number): boolean {
  const { intervalSeconds, intervals } = state.size;
  const number = Math.floor(utc / intervalSeconds);
  const begun = state.get(ofProfile.interval);
  if (begun === number) return false;
  const [shift, flags] = [state.get(ofProfile.shift), state.get(ofProfile.flags)];
  const first = Number.isNaN(begun);
  const gap = first ? 0 : number - begun;
  if (!first) {
    record(state, around, begun, shift, flags, state.get(ofProfile.status), true);
    if (gap < 1 || gap > intervals) state.set(ofProfile.closed, 1);
    for (let skipped = begun + 1; skipped < number && state.get(ofProfile.closed) === 0; skipped++) {
      const time = timeOf(state, around, skipped);
      record(state, around, skipped, time.shift, withDaylight(flags, time.daylight), intervalStatus.skipped, false);
    }
  }
  const time = timeOf(state, around, number);
  state.set(ofProfile.interval, number);
  state.set(ofProfile.shift, time.shift);
  state.set(ofProfile.flags, withDaylight(gap === 1 ? 0 : flags, time.daylight));
  state.set(ofProfile.status, utc % intervalSeconds === 0 ? intervalStatus.none : intervalStatus.partial);
  return !first;
}

function timeOf({ size }: ProfileState, { reading }: ProfileSurroundings, interval: number): { shift: number; daylight: boolean } {
  const begins = interval * size.intervalSeconds;
  const { seconds, daylight } = reading(begins);
  return { shift: seconds - begins, daylight };
}

function withDaylight(flags: number, daylight: boolean): number {
  return daylight ? flags | intervalFlag.daylight : flags & ~intervalFlag.daylight;
}

/** Takes the whole counts out of what was drawn; the rest stays for the next interval, so nothing is lost by rounding. Energy that flowed the other way waits too. */
function countsOf(state: ProfileState, around: ProfileSurroundings, channel: number): number {
  const unit = around.unitOf(channel);
  const counts = Math.max(0, Math.floor(state.drawn(channel) / unit));
  state.take(channel, counts * unit);
  return counts;
}

function record(state: ProfileState, around: ProfileSurroundings, interval: number, shift: number, flags: number, status: number, counted: boolean): void {
  const at = placeFor(state, around, shift);
  state.putFlags(at, flags);
  for (let channel = 0; channel < state.size.channels; channel++) {
    const count = counted ? countsOf(state, around, channel) : 0;
    state.put(at, channel, count > around.largest ? intervalStatus.overflow : status, Math.min(count, around.largest));
  }
  state.set(ofProfile.blockIntervals, at + 1);
  state.set(ofProfile.blockEnd, (interval + 1) * state.size.intervalSeconds + shift);
  state.keepReadings();
}

/** The next place in the newest block, or the first of a new one where it is full or closed or was recorded under another reading of the time. */
function placeFor(state: ProfileState, { keep }: ProfileSurroundings, shift: number): number {
  const { intervals, blocks } = state.size;
  const next = state.get(ofProfile.blockIntervals);
  if (next > 0 && state.get(ofProfile.closed) === 0 && state.get(ofProfile.blockShift) === shift && next < intervals) return next;
  if (next > 0) {
    fill(state);
    keep();
  }
  const unread = state.get(ofProfile.unread);
  state.set(ofProfile.closed, 0);
  state.set(ofProfile.sequence, state.get(ofProfile.sequence) + 1);
  state.set(ofProfile.valid, Math.min(state.get(ofProfile.valid) + 1, blocks));
  if (unread === blocks) state.set(ofProfile.overflow, 1);
  state.set(ofProfile.unread, Math.min(unread + 1, blocks));
  state.set(ofProfile.blockShift, shift);
  return 0;
}

/** A block that ends early, its empty places said to be so; its end is the one it would have had. */
function fill(state: ProfileState): void {
  const { intervals, intervalSeconds, channels } = state.size;
  const recorded = state.get(ofProfile.blockIntervals);
  for (let at = recorded; at < intervals; at++) {
    state.putFlags(at, 0);
    for (let channel = 0; channel < channels; channel++) state.put(at, channel, intervalStatus.stopped, 0);
  }
  state.set(ofProfile.blockEnd, state.blockEnd + (intervals - recorded) * intervalSeconds);
  state.set(ofProfile.blockIntervals, intervals);
}
