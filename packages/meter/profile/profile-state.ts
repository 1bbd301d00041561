import type { CivilSeconds } from "../time/civil-date.ts";
import type { ProfileSize } from "./profile-size.ts";

/** Bits of what holds for all channels of an interval (facts ST64, extended status). */
export const intervalFlag = { daylight: 1, powerFailed: 2, clockForward: 4, clockBack: 8 } as const;
/** Codes of a channel's interval status (facts ST64). */
export const intervalStatus = { none: 0, overflow: 1, partial: 2, skipped: 4, configurationChanged: 6, stopped: 7 } as const;

/** Places of the state's numbers; behind them, by channel, what is drawn and in no interval yet, what was drawn in all, and the readings at the block's end. */
export const ofProfile = {
  /** The interval under way, counted since 1970 by the meter's clock in universal time; NaN before the first. */
  interval: 0,
  /** Of that interval: reading minus universal time when it began, and what happened to it. */
  shift: 1,
  flags: 2,
  status: 3,
  /** Number of the newest block there ever was. */
  sequence: 4,
  valid: 5,
  unread: 6,
  overflow: 7,
  /** The newest block takes no further interval. */
  closed: 8,
  /** Of the newest block: reading minus universal time, one for all of it; when its last interval ended, by the reading; its intervals, 0 where there is no block. */
  blockShift: 9,
  blockEnd: 10,
  blockIntervals: 11,
  length: 12,
} as const;

/**
 * The load profile as it is kept: a view over a meter's numbers and octets. The newest block is there as intervals; older ones are octets by
 * themselves (profile-tables.ts).
 */
export class ProfileState {
  readonly size: ProfileSize;
  readonly #cells: Float64Array;
  readonly #counts: Uint32Array;
  readonly #marks: Uint8Array;

  /** `cells` and `octets` as long as the size says, `octets` at a multiple of eight. */
  constructor(size: ProfileSize, cells: Float64Array, octets: Uint8Array) {
    this.size = size;
    this.#cells = cells;
    this.#counts = new Uint32Array(octets.buffer, octets.byteOffset, size.intervals * size.channels);
    this.#marks = octets.subarray(size.intervals * size.channels * 4);
  }

  get(place: number): number {
    return this.#cells[place] ?? Number.NaN;
  }

  set(place: number, value: number): void {
    this.#cells[place] = value;
  }

  get hasBlock(): boolean {
    return this.get(ofProfile.blockIntervals) > 0;
  }

  get blockEnd(): CivilSeconds {
    return this.get(ofProfile.blockEnd);
  }

  /** Counts of a channel that are in no interval yet, in all since the registers were cleared, and at the block's end. */
  drawn(channel: number): number {
    return this.get(ofProfile.length + channel);
  }

  total(channel: number): number {
    return this.get(ofProfile.length + this.size.channels + channel);
  }

  reading(channel: number): number {
    return this.get(ofProfile.length + 2 * this.size.channels + channel);
  }

  add(channel: number, counts: number): void {
    this.set(ofProfile.length + channel, this.drawn(channel) + counts);
    this.set(ofProfile.length + this.size.channels + channel, this.total(channel) + counts);
  }

  take(channel: number, counts: number): void {
    this.set(ofProfile.length + channel, this.drawn(channel) - counts);
  }

  /** The readings of the block's end are those of now. */
  keepReadings(): void {
    for (let channel = 0; channel < this.size.channels; channel++) this.set(ofProfile.length + 2 * this.size.channels + channel, this.total(channel));
  }

  flagsOf(interval: number): number {
    return this.#marks[interval] ?? 0;
  }

  statusOf(interval: number, channel: number): number {
    return this.#marks[this.size.intervals + interval * this.size.channels + channel] ?? 0;
  }

  countOf(interval: number, channel: number): number {
    return this.#counts[interval * this.size.channels + channel] ?? 0;
  }

  putFlags(interval: number, flags: number): void {
    this.#marks[interval] = flags;
  }

  put(interval: number, channel: number, status: number, count: number): void {
    this.#marks[this.size.intervals + interval * this.size.channels + channel] = status;
    this.#counts[interval * this.size.channels + channel] = count;
  }

  /** As before the first interval. */
  blank(): void {
    this.#cells.fill(0);
    this.set(ofProfile.interval, Number.NaN);
    this.#counts.fill(0);
    this.#marks.fill(0);
  }

  /** The list is empty from now on; its numbers go on (ours). */
  clear(): void {
    for (const place of [ofProfile.valid, ofProfile.unread, ofProfile.overflow, ofProfile.closed, ofProfile.blockIntervals]) this.set(place, 0);
  }

  /** With the registers, what was drawn in all is cleared too. */
  clearTotals(): void {
    for (let channel = 0; channel < this.size.channels; channel++) this.set(ofProfile.length + this.size.channels + channel, 0);
  }

  /** Something happened to the interval under way: `flags` are added, a `status` other than none replaces. */
  mark(flags: number, status: number): void {
    this.set(ofProfile.flags, this.get(ofProfile.flags) | flags);
    if (status !== intervalStatus.none) this.set(ofProfile.status, status);
  }
}

/** What can happen to an interval under way, and how it is marked. */
export const profileMark = {
  powerFailed: (state: ProfileState) => state.mark(intervalFlag.powerFailed, intervalStatus.partial),
  clockMoved: (state: ProfileState, seconds: number) => state.mark(seconds < 0 ? intervalFlag.clockBack : intervalFlag.clockForward, intervalStatus.partial),
  configurationChanged: (state: ProfileState) => state.mark(0, intervalStatus.configurationChanged),
} as const;
