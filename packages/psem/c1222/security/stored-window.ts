import { invocationReach, mostRanges, type InvocationRange } from "./invocation-ranges.ts";
import { mostLanes, type PeerWindow } from "./replay-window.ts";

/**
 * A window as it came out of a store, checked: undefined where it is none. What is damaged must not pass for an empty one, which would let
 * replays in: `refusingUntil` stands in its place.
 */
export function readPeerWindow(stored: unknown): PeerWindow | undefined {
  const { floor, lanes } = Object(stored) as { readonly floor?: unknown; readonly lanes?: unknown };
  if (!isWhole(floor, -1) || !Array.isArray(lanes) || lanes.length > mostLanes) return undefined;
  let before = floor;
  const read = lanes.map((lane: unknown) => {
    const { time, ranges } = Object(lane) as { readonly time?: unknown; readonly ranges?: unknown };
    if (!isWhole(time, before + 1) || !Array.isArray(ranges) || ranges.length > mostRanges) return undefined;
    before = time;
    const whole = ranges.map(readRange);
    return whole.every((range) => range !== undefined) ? { time, ranges: whole } : undefined;
  });
  return read.every((lane) => lane !== undefined) ? { floor, lanes: read } : undefined;
}

/** A window that takes nothing with a vector up to that second. */
export function refusingUntil(seconds: number): PeerWindow {
  return { floor: seconds, lanes: [] };
}

function readRange(stored: unknown): InvocationRange | undefined {
  const { lowest, highest, seen } = Object(stored) as { readonly lowest?: unknown; readonly highest?: unknown; readonly seen?: unknown };
  if (!isWhole(lowest, 0) || !isWhole(highest, lowest) || !Array.isArray(seen)) return undefined;
  const [low, high] = seen as readonly unknown[];
  const inReach = isWhole(low, 0) && isWhole(high, 0) && Math.max(low, high) < 2 ** (invocationReach / 2);
  return inReach ? { lowest, highest, seen: [low, high] } : undefined;
}

function isWhole(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}
