import type { EpochMillis } from "@metersmith/base/clock";
import type { Segment } from "./segment.ts";

export interface ReassemblyLimits {
  /** Octets of one message. */
  readonly size: number;
  /** Messages being put together at a time; a further one takes the place of the oldest. */
  readonly messages: number;
  /** Milliseconds from its first segment; then it is given up. */
  readonly patience: number;
}

export const defaultReassembly: ReassemblyLimits = { size: 65_536, messages: 8, patience: 30_000 };

interface Gathered {
  readonly bytes: Uint8Array;
  /** One octet for each octet of the message that has arrived: 1. */
  readonly arrived: Uint8Array;
  readonly missing: number;
  readonly since: EpochMillis;
}

/** Messages of which some segments have arrived, oldest first. */
export type Reassembly = ReadonlyMap<string, Gathered>;

export const emptyReassembly: Reassembly = new Map();

/**
 * Takes one segment; gives the message once all of it has arrived. Segments come in any order and more than once. One that does not
 * fit its message, or says otherwise than one before it, ends that message: it was tampered with. Memory: at most twice
 * `size` × `messages`, whatever arrives.
 */
export function takeSegment(
  state: Reassembly,
  segment: Segment,
  now: EpochMillis,
  limits: ReassemblyLimits,
): { readonly state: Reassembly; readonly whole?: Uint8Array } {
  const live = new Map([...state].filter(([, { since }]) => now - since < limits.patience));
  const { message, fullSize, offset, bytes } = segment;
  const fits = fullSize <= limits.size && bytes.length > 0 && offset + bytes.length <= fullSize;
  const known = live.get(message);
  if (!fits || (known && disagrees(known, offset, bytes))) {
    live.delete(message);
    return { state: live };
  }
  const begun = known ?? { bytes: new Uint8Array(fullSize), arrived: new Uint8Array(fullSize), missing: fullSize, since: now };
  const next = taken(begun, offset, bytes);
  if (next.missing === 0) {
    live.delete(message);
    return { state: live, whole: next.bytes };
  }
  live.set(message, next);
  const [oldest] = live.keys();
  if (live.size > limits.messages && oldest !== undefined) live.delete(oldest);
  return { state: live };
}

function disagrees({ bytes, arrived }: Gathered, offset: number, piece: Uint8Array): boolean {
  return piece.some((octet, index) => arrived[offset + index] === 1 && bytes[offset + index] !== octet);
}

/** The buffers are the message's own and are filled in place; nobody else holds them before it is whole. */
function taken(gathered: Gathered, offset: number, piece: Uint8Array): Gathered {
  const { bytes, arrived, since } = gathered;
  let { missing } = gathered;
  for (let at = offset; at < offset + piece.length; at++) missing -= arrived[at] === 1 ? 0 : 1;
  bytes.set(piece, offset);
  arrived.fill(1, offset, offset + piece.length);
  return { bytes, arrived, missing, since };
}
