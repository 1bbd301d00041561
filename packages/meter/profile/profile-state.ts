import type { CivilSeconds } from "../time/civil-date.ts";

/** Bits of what holds for all channels of an interval (facts ST64, extended status). */
export const intervalFlag = { daylight: 1, powerFailed: 2, clockForward: 4, clockBack: 8 } as const;
/** Codes of a channel's interval status (facts ST64). */
export const intervalStatus = { none: 0, overflow: 1, partial: 2, skipped: 4, configurationChanged: 6, stopped: 7 } as const;

export interface ProfileInterval {
  readonly flags: number;
  /** By channel. */
  readonly status: readonly number[];
  /** By channel, as the table has them. */
  readonly counts: readonly number[];
}

export interface ProfileBlock {
  readonly sequence: number;
  /** Reading minus universal time, seconds: one for all of a block. */
  readonly shift: number;
  /** When its last interval ended, by the reading. */
  end: CivilSeconds;
  intervals: ProfileInterval[];
  /** Watt-hours by channel at that time. */
  readings: number[];
}

/** The load profile as it is kept: the newest block as intervals, the older ones as octets by themselves. */
export interface ProfileState {
  /** The interval under way, counted since 1970 by the meter's clock in universal time; null before the first. */
  interval: number | null;
  /** Of that interval: reading minus universal time when it began, and what happened to it. */
  shift: number;
  flags: number;
  status: number;
  /** Watt-hours by channel not yet in an interval, and in all since the registers were cleared. */
  drawn: number[];
  totals: number[];
  /** Number of the newest block there ever was. */
  sequence: number;
  valid: number;
  unread: number;
  overflow: boolean;
  /** The newest block; null where the list is empty. */
  block: ProfileBlock | null;
  /** The newest block takes no further interval. */
  closed: boolean;
}

export interface ProfileSize {
  readonly blocks: number;
  /** Of a block. */
  readonly intervals: number;
  readonly channels: number;
  readonly intervalSeconds: number;
}

export function blankProfile({ channels }: ProfileSize): ProfileState {
  const zeros = (): number[] => Array.from({ length: channels }, () => 0);
  return { interval: null, shift: 0, flags: 0, status: intervalStatus.none, drawn: zeros(), totals: zeros(), sequence: 0, valid: 0, unread: 0, overflow: false, block: null, closed: false };
}

/** The stored state where it fits a profile of this size, else undefined. */
export function parseProfile(stored: unknown, size: ProfileSize): ProfileState | undefined {
  if (!isRecord(stored)) return undefined;
  const { interval, shift, flags, status, drawn, totals, sequence, valid, unread, overflow, closed, block } = stored;
  const underWay = (interval === null || isUpTo(interval, largestTime)) && isShift(shift) && isUpTo(flags, 15) && isUpTo(status, 15);
  const list = isUpTo(sequence, largestTime) && isUpTo(valid, Math.min(size.blocks, sequence)) && isUpTo(unread, size.blocks) && typeof overflow === "boolean" && typeof closed === "boolean";
  const energy = isList(drawn, size.channels, isNumber) && isList(totals, size.channels, isNumber);
  return underWay && list && energy && (block === null || isBlock(block, size)) ? (stored as unknown as ProfileState) : undefined;
}

function isBlock(value: unknown, size: ProfileSize): boolean {
  if (!isRecord(value)) return false;
  const { sequence, shift, end, readings, intervals } = value;
  if (!isUpTo(sequence, largestTime) || !isShift(shift) || !isUpTo(end, largestTime) || !isList(readings, size.channels, isNumber)) return false;
  return Array.isArray(intervals) && intervals.length > 0 && intervals.length <= size.intervals && intervals.every((one: unknown) => isInterval(one, size));
}

function isInterval(value: unknown, { channels }: ProfileSize): boolean {
  return isRecord(value) && isUpTo(value["flags"], 15) && isList(value["status"], channels, (one) => isUpTo(one, 15)) && isList(value["counts"], channels, (one) => isUpTo(one, largestTime));
}

/** Seconds and numbers of entries end where their fields do. */
const largestTime = 0xffff_ffff;
const isNumber = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value) && value >= 0;
const isUpTo = (value: unknown, largest: number): value is number => typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= largest;
const isShift = (value: unknown): boolean => typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= 2 * 86_400;
const isList = (value: unknown, length: number, isOne: (one: unknown) => boolean): boolean => Array.isArray(value) && value.length === length && value.every(isOne);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);
