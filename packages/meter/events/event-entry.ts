import type { CivilSeconds } from "../time/civil-date.ts";
import { keyOf, type EventKey } from "./event-kind.ts";

/** One entry of the log, or several events of one kind in one: from `first` to `time`, `count` of them. */
export interface EventEntry {
  /** When it happened, or happened last, by the meter's clock. */
  readonly time: CivilSeconds;
  readonly first: CivilSeconds;
  /** 1 … 2³²−1, and no further. */
  readonly count: number;
  /** When it was entered, seconds of the running hardware: 45 days do not depend on a clock that is set. */
  readonly entered: number;
  readonly user: number;
  readonly code: number;
  readonly manufacturer: boolean;
  readonly diagnostic: number;
  /** Number of a failure class. */
  readonly class: number;
  /** What the diagnostic says beyond its number: a table, a phase. 0–65535. */
  readonly detail: number;
}

/** Octets of a stored entry. Most significant first: time 4, first 4, entered 4, count 4, user 2, code 2 (bit 11: the maker's), detail 2, diagnostic 1, class 1. */
export const entryLength = 24;
const manufacturerBit = 0x800;

export function writeEntry(entry: EventEntry): Uint8Array {
  const bytes = new Uint8Array(entryLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, entry.time);
  view.setUint32(4, entry.first);
  view.setUint32(8, entry.entered);
  view.setUint32(12, Math.min(entry.count, 0xffff_ffff));
  view.setUint16(16, entry.user);
  view.setUint16(18, entry.code | (entry.manufacturer ? manufacturerBit : 0));
  view.setUint16(20, entry.detail);
  view.setUint8(22, entry.diagnostic);
  view.setUint8(23, entry.class);
  return bytes;
}

export function readEntry(bytes: Uint8Array, offset = 0): EventEntry {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, entryLength);
  const code = view.getUint16(18);
  return {
    time: view.getUint32(0), first: view.getUint32(4), entered: view.getUint32(8), count: view.getUint32(12), user: view.getUint16(16),
    code: code & 0x7ff, manufacturer: (code & manufacturerBit) !== 0, detail: view.getUint16(20), diagnostic: view.getUint8(22), class: view.getUint8(23),
  };
}

export function keyOfEntry(entry: EventEntry): EventKey {
  return keyOf(entry);
}

/**
 * EVENT_ARGUMENT (ours), 12 octets, most significant first whatever the data order of the meter: number of the diagnostic (0: of none) 1, failure class 1, detail 2, count 4,
 * time of the first 4 (seconds since 1970 by the meter's clock, no zone).
 */
export function argumentOf({ diagnostic, class: kind, detail, count, first }: EventEntry): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, diagnostic);
  view.setUint8(1, kind);
  view.setUint16(2, detail);
  view.setUint32(4, count);
  view.setUint32(8, first);
  return bytes;
}
