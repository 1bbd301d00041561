/**
 * Invocations seen under one vector, from `lowest` to `highest`: bit n of `seen` stands for the one n + 1 below the highest; further down all
 * count as seen. Nothing below `lowest` or between two ranges has been seen.
 */
export interface InvocationRange {
  readonly lowest: number;
  readonly highest: number;
  readonly seen: readonly [low: number, high: number];
}

/** Invocations below the highest of a range that may still come late. */
export const invocationReach = 64;

/**
 * Ranges of one vector. Ours: an open client draws a random number for each message outside a session, several under one vector, so each of them
 * begins a range.
 */
export const mostRanges = 256;

/** The ranges with one more invocation, ascending; or why not: it was seen or may have been, or there are too many ranges to remember another. */
export function withInvocation(ranges: readonly InvocationRange[], invocation: number): readonly InvocationRange[] | "seen" | "full" {
  const inside = ranges.find(({ lowest, highest }) => invocation >= lowest && invocation <= highest);
  if (inside) {
    const marked = markedBelow(inside, invocation);
    return marked ? ranges.map((range) => (range === inside ? marked : range)) : "seen";
  }
  const below = ranges.findLast(({ highest }) => highest < invocation);
  if (below && invocation - below.highest <= invocationReach) {
    return ranges.map((range) => (range === below ? raised(below, invocation) : range));
  }
  if (ranges.length >= mostRanges) return "full";
  const own: InvocationRange = { lowest: invocation, highest: invocation, seen: [0, 0] };
  return [...ranges, own].sort((a, b) => a.lowest - b.lowest);
}

function markedBelow(range: InvocationRange, invocation: number): InvocationRange | undefined {
  const below = range.highest - invocation;
  if (below === 0 || below > invocationReach) return undefined;
  const bit = 1n << BigInt(below - 1);
  const bits = bitsOf(range);
  return (bits & bit) === 0n ? { ...range, seen: halves(bits | bit) } : undefined;
}

function raised(range: InvocationRange, invocation: number): InvocationRange {
  const above = invocation - range.highest;
  const bits = (bitsOf(range) << BigInt(above)) | (1n << BigInt(above - 1));
  return { ...range, highest: invocation, seen: halves(bits) };
}

function bitsOf({ seen: [low, high] }: InvocationRange): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

function halves(bits: bigint): readonly [number, number] {
  return [Number(bits & 0xffff_ffffn), Number((bits >> 32n) & 0xffff_ffffn)];
}
