import type { EpochMillis } from "@metersmith/base/clock";
import { withInvocation, type InvocationRange } from "./invocation-ranges.ts";

/** What tells one message of a sender from every other: the vector as a time, and the calling invocation. */
export interface MessageMark {
  /** Seconds since 1970: the initialization vector read as a number. */
  readonly time: number;
  readonly invocation: number;
  /** The message names no vector: it is that of its session, which named it at its beginning, so its age tells nothing. */
  readonly ofSession?: boolean;
}

/** What was seen under one vector. */
interface Lane {
  readonly time: number;
  readonly ranges: readonly InvocationRange[];
}

/** What a receiver remembers of one sender under one key. Plain data: it can be stored as JSON and read back. */
export interface PeerWindow {
  /** Vectors up to this one are refused. */
  readonly floor: number;
  /** Ascending by time. */
  readonly lanes: readonly Lane[];
}

/** `crowded`: so much is remembered, of this sender or of others, that nothing further can be. */
export type Freshness = "fresh" | "replayed" | "too-old" | "too-early" | "crowded";

/** Vectors remembered of one sender. Ours: that many messages, each with a second of its own, may overtake one another. */
export const mostLanes = 32;

/** Ranges of invocations remembered of one sender, over all its vectors. */
export const mostRangesInAll = 1024;

/**
 * Judges a message that has been authenticated, and remembers it where fresh. A vector must lie within `tolerance` seconds of the clock, and
 * one not seen before above the floor; under a vector, an invocation counts once. So a replay is refused while its vector is remembered, and by
 * the floor or the clock after that; a message that was kept back, by the clock. Ours; the standard leaves the rule to the receiver.
 */
export function judgeFreshness(
  window: PeerWindow | undefined,
  mark: MessageMark,
  now: EpochMillis,
  tolerance: number,
): { readonly freshness: Freshness; readonly window: PeerWindow } {
  const known = window ?? { floor: -1, lanes: [] };
  const seconds = Math.floor(now / 1000);
  const early = mark.time > seconds + tolerance;
  const late = mark.time < seconds - tolerance;
  const lane = known.lanes.find(({ time }) => time === mark.time);
  if (lane) {
    const ranges = withInvocation(lane.ranges, mark.invocation);
    if (ranges === "seen") return { freshness: "replayed", window: known };
    // Else one that was kept back on its way could be delivered days later.
    if (!mark.ofSession && (early || late)) return { freshness: late ? "too-old" : "too-early", window: known };
    if (ranges === "full") return { freshness: "crowded", window: known };
    return { freshness: "fresh", window: bounded(known.floor, known.lanes.map((other) => (other === lane ? { ...lane, ranges } : other))) };
  }
  if (mark.time <= known.floor || late) return { freshness: "too-old", window: known };
  if (early) return { freshness: "too-early", window: known };
  const begun = { time: mark.time, ranges: [{ lowest: mark.invocation, highest: mark.invocation, seen: [0, 0] as const }] };
  return { freshness: "fresh", window: bounded(known.floor, [...known.lanes, begun].sort((a, b) => a.time - b.time)) };
}

/** Forgets the oldest vectors beyond what is remembered; from then on the floor refuses them. */
function bounded(floor: number, lanes: readonly Lane[]): PeerWindow {
  let ranges = lanes.reduce((sum, lane) => sum + lane.ranges.length, 0);
  let first = 0;
  for (; lanes.length - first > mostLanes || (ranges > mostRangesInAll && first < lanes.length - 1); first++) ranges -= lanes[first]?.ranges.length ?? 0;
  return first === 0 ? { floor, lanes } : { floor: lanes[first - 1]?.time ?? floor, lanes: lanes.slice(first) };
}

/** Whether every vector remembered is so old that the clock alone refuses it: then the window may be forgotten. */
export function outlived(window: PeerWindow, now: EpochMillis, tolerance: number): boolean {
  const newest = Math.max(window.floor, window.lanes.at(-1)?.time ?? 0);
  return newest < Math.floor(now / 1000) - tolerance;
}
