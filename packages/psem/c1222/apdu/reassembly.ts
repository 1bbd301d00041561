import type { EpochMillis } from "@metersmith/base/clock";
import type { Segment } from "./segment.ts";

export interface ReassemblyLimits {
  /** Octets of one message. */
  readonly size: number;
  /** Segments of one message. */
  readonly segments: number;
  /** Messages being put together at a time; a further one takes the place of the oldest. */
  readonly messages: number;
  /** Octets that have arrived of all of them; beyond that the oldest make room. */
  readonly held: number;
  /** Milliseconds from its first segment; then it is given up. */
  readonly patience: number;
}

export const defaultReassembly: ReassemblyLimits = { size: 65_536, segments: 512, messages: 64, held: 1_048_576, patience: 30_000 };

interface Gathered {
  readonly fullSize: number;
  /** By offset; none overlaps another. */
  readonly pieces: ReadonlyMap<number, Uint8Array>;
  readonly held: number;
  readonly since: EpochMillis;
}

/** Messages of which some segments have arrived, oldest first. */
export type Reassembly = ReadonlyMap<string, Gathered>;

export const emptyReassembly: Reassembly = new Map();

/**
 * Takes one segment; gives the message once all of it has arrived. Segments come in any order and more than once. One that does not
 * fit its message, overlaps another in part, or says otherwise than one before it, ends that message: it was tampered with. Memory: what has
 * arrived and no more, whatever sizes are announced; so somebody without a key has to send as much as a message has to push it out.
 */
export function takeSegment(
  state: Reassembly,
  segment: Segment,
  now: EpochMillis,
  limits: ReassemblyLimits,
): { readonly state: Reassembly; readonly whole?: Uint8Array } {
  const live = new Map(state);
  // In the order of their beginning, so the first that is young enough ends the search.
  for (const [message, { since }] of live) {
    if (now - since < limits.patience) break;
    live.delete(message);
  }
  const { message, fullSize, offset, bytes } = segment;
  const known = live.get(message) ?? { fullSize, pieces: new Map(), held: 0, since: now };
  const fits = fullSize <= limits.size && bytes.length > 0 && offset + bytes.length <= fullSize;
  const next = fits ? withPiece(known, offset, bytes, limits.segments) : undefined;
  if (!next) {
    live.delete(message);
    return { state: live };
  }
  if (next.held === fullSize) {
    live.delete(message);
    return { state: live, whole: joined(next) };
  }
  live.set(message, next);
  let held = [...live.values()].reduce((sum, one) => sum + one.held, 0);
  for (const [oldest, one] of live) {
    if (live.size <= limits.messages && held <= limits.held) break;
    live.delete(oldest);
    held -= one.held;
  }
  return { state: live };
}

/** Undefined where the piece contradicts what has arrived. */
function withPiece(gathered: Gathered, offset: number, bytes: Uint8Array, most: number): Gathered | undefined {
  const same = gathered.pieces.get(offset);
  if (same) return same.length === bytes.length && same.every((octet, index) => octet === bytes[index]) ? gathered : undefined;
  for (const [at, piece] of gathered.pieces) if (at < offset + bytes.length && offset < at + piece.length) return undefined;
  if (gathered.pieces.size >= most) return undefined;
  return { ...gathered, pieces: new Map(gathered.pieces).set(offset, bytes), held: gathered.held + bytes.length };
}

/** Pieces that do not overlap and are as long as the message together cover it. */
function joined({ fullSize, pieces }: Gathered): Uint8Array {
  const whole = new Uint8Array(fullSize);
  for (const [at, piece] of pieces) whole.set(piece, at);
  return whole;
}
