import { describe, expect, test } from "vitest";
import { syntheticCurve } from "../line/synthetic-household.ts";
import { bytesOf, meterOnTheBench, type BenchMeter } from "../testing/bench.ts";
import { writeRawProgram } from "../testing/raw-program.ts";

const start = Date.UTC(2026, 6, 15, 6, 0, 0);
const minute = 60_000;
const hour = 60 * minute;
const prevailing = 0x20 | 0x80;
const daylight = 0x08 | 0x40;

interface Interval {
  readonly flags: number;
  readonly status: readonly [number, number];
  readonly counts: readonly [number, number];
}

interface Block {
  readonly end: string;
  readonly readings: readonly number[];
  readonly intervals: readonly Interval[];
}

/** Table 63 of rx-2s by hand: flags u8, valid u16, last u16, sequence u32, unread u16, intervals u16, least significant first. */
function status(bench: BenchMeter): { flags: number; valid: number; last: number; sequence: number; unread: number; intervals: number } {
  const bytes = bytesOf(bench.session("reader").read(63));
  expect(bytes.length).toBe(13);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { flags: view.getUint8(0), valid: view.getUint16(1, true), last: view.getUint16(3, true), sequence: view.getUint32(5, true), unread: view.getUint16(9, true), intervals: view.getUint16(11, true) };
}

/**
 * Block `sequence` of table 64 of rx-2s by hand: end YY MM DD hh mm, 2 × INT32 readings, 96 × (status octets: common nibble and channel 1, channel 2 and
 * nothing; 2 × u16 counts): 589 octets, 16 blocks.
 */
function block(bench: BenchMeter, sequence: number): Block {
  const all = bytesOf(bench.session("reader").read(64));
  expect(all.length).toBe(16 * 589);
  const at = (sequence % 16) * 589;
  const view = new DataView(all.buffer, all.byteOffset + at, 589);
  const two = (index: number): string => String(view.getUint8(index)).padStart(2, "0");
  return {
    end: `20${two(0)}-${two(1)}-${two(2)} ${two(3)}:${two(4)}`,
    readings: [view.getInt32(5, true), view.getInt32(9, true)],
    intervals: Array.from({ length: 96 }, (_, index) => {
      const from = 13 + index * 6;
      const [first, second] = [view.getUint8(from), view.getUint8(from + 1)];
      return { flags: first >> 4, status: [first & 15, second >> 4], counts: [view.getUint16(from + 2, true), view.getUint16(from + 4, true)] };
    }),
  };
}

function setClock(bench: BenchMeter, [year, month, day, hourOfDay, minuteOfHour]: readonly [number, number, number, number, number], qualifiers: number): void {
  const session = bench.session("programmer");
  session.write(7, Uint8Array.of(10, 0, 1, 7, year - 2000, month, day, hourOfDay, minuteOfHour, 0, qualifiers | 7));
  expect(bytesOf(session.read(8))[3]).toBe(0);
}

/**
 * Programmed, its clock set to prevailing time, UTC−5 in July: 2026-07-15 01:00. Source 0 counts kWh in all quadrants; source 1 watts, of which a quarter of an
 * hour holds more than a count does (status 1). */
function programmed(at = start): BenchMeter {
  const bench = meterOnTheBench({ start: at });
  writeRawProgram(bench);
  bench.session("programmer").writeOffset(12, 0, Uint8Array.of(0x00, 0xd0, 0x03, 0x00));
  if (at === start) setClock(bench, [2026, 7, 15, 1, 0], prevailing | daylight);
  return bench;
}

const energy = (intervals: readonly Interval[]): number => intervals.reduce((sum, { counts }) => sum + counts[0], 0);

test("intervals hold what the load drew in their quarter of an hour, and the block's readings are the register", () => {
  const bench = programmed();
  bench.clock.advance(10 * hour + 7 * minute);
  const { sequence, intervals, flags } = status(bench);
  // The clock was set at the start: what came before is a block of its own. Circular list, recording.
  expect([intervals, flags]).toEqual([40, 0x24]);
  const newest = block(bench, sequence);
  expect(newest.end).toBe("2026-07-15 11:00");
  const load = syntheticCurve("TEST0001").watts;
  let expected = 0;
  for (let index = 0; index < 40; index++) {
    // The load is constant within an hour.
    expected += load(start / 1000 + index * 900) / 4;
    expect(Math.abs(energy(newest.intervals.slice(0, index + 1)) - expected)).toBeLessThan(1);
  }
  const register = new DataView(bytesOf(bench.session("reader").readOffset(23, 1, 4)).slice().buffer).getInt32(0, true);
  expect(newest.readings[0]).toBe(Math.floor(expected / 1000));
  // Seven more minutes are in the register and in no interval yet.
  expect(register - (newest.readings[0] ?? 0)).toBeLessThanOrEqual(1);
  // The clock was put forward in the first; daylight saving holds in all.
  expect(newest.intervals.slice(0, 40).map(({ flags }) => flags)).toEqual(Array.from({ length: 40 }, (_, index) => (index === 0 ? 1 | 4 : 1)));
});

test("a day fills a block; the ring keeps sixteen and says that unread ones were lost", () => {
  const bench = programmed();
  bench.clock.advance(24 * hour);
  const first = status(bench);
  expect([first.intervals, first.last]).toEqual([96, first.sequence % 16]);
  bench.clock.advance(20 * 24 * hour + 15 * minute);
  const later = status(bench);
  expect(later).toMatchObject({ valid: 16, unread: 16, sequence: first.sequence + 21, intervals: 1, flags: 0x26 });
  const oldest = block(bench, later.sequence - 15);
  const next = block(bench, later.sequence - 14);
  expect(oldest.end).toBe("2026-07-22 01:00");
  // Readings are whole kWh, the counts of a day Wh.
  expect(Math.abs(energy(next.intervals) / 1000 - ((next.readings[0] ?? 0) - (oldest.readings[0] ?? 0)))).toBeLessThan(1);
});

test("the profile survives a loss of power: what was read reads the same, the gap is skipped and marked", () => {
  const bench = programmed();
  bench.clock.advance(3 * hour);
  const before = block(bench, status(bench).sequence);
  bench.clock.advance(hour + 20 * minute);
  const after = bench.restarted();
  after.clock.advance(25 * minute);
  const at = status(after);
  const now = block(after, at.sequence);
  expect(now.intervals.slice(0, 12)).toEqual(before.intervals.slice(0, 12));
  expect(at.intervals).toBe(19);
  // Under way when the power went: nothing drawn after the last reading is known. Then whole quarters without power, then the one in which it came back.
  expect(now.intervals.slice(12, 19).map(({ flags, status: [one, two] }) => [flags, one, two])).toEqual([
    [3, 2, 2], [3, 4, 4], [3, 4, 4], [3, 4, 4], [3, 4, 4], [3, 2, 2], [1, 0, 1],
  ]);
  expect(now.end).toBe("2026-07-15 05:45");
});

test("a clock put back or far ahead begins a new block; the rest of the old one says that recording had stopped", () => {
  const bench = programmed();
  bench.clock.advance(2 * hour);
  const { sequence } = status(bench);
  setClock(bench, [2026, 7, 15, 2, 0], prevailing | daylight);
  bench.clock.advance(30 * minute);
  const now = status(bench);
  expect([now.sequence, now.intervals]).toEqual([sequence + 1, 2]);
  const old = block(bench, sequence);
  expect(old.intervals.slice(9).every(({ status: [one, two] }) => one === 7 && two === 7)).toBe(true);
  // As if it had run its full day, so that the times of its intervals follow from its end like any other's.
  expect(old.end).toBe("2026-07-16 01:00");
  expect(block(bench, now.sequence).intervals[0]).toMatchObject({ flags: 1 | 8 });
});

test("a change of daylight saving begins a new block, so that a block has one reading of the time", () => {
  // 2026-11-01 00:00 daylight time is 05:00 UTC; the clock goes back two hours later.
  const bench = programmed(Date.UTC(2026, 10, 1, 5, 0, 0));
  setClock(bench, [2026, 11, 1, 0, 0], prevailing | daylight);
  bench.clock.advance(4 * hour);
  const { sequence, intervals } = status(bench);
  expect(intervals).toBe(8);
  const [before, after] = [block(bench, sequence - 1), block(bench, sequence)];
  expect(before.intervals[7]).toMatchObject({ flags: 1 });
  expect(after.intervals[0]).toMatchObject({ flags: 0, status: [0, 0] });
  expect(after.end).toBe("2026-11-01 03:00");
});

test("a clock set in the middle of a second of its host ends its intervals on the quarter of an hour", () => {
  const bench = meterOnTheBench({ start: start + 437 });
  expect(status(bench)).toMatchObject({ valid: 0 });
  writeRawProgram(bench);
  setClock(bench, [2026, 7, 15, 1, 0], prevailing | daylight);
  bench.clock.advance(15 * minute);
  const { sequence, intervals } = status(bench);
  expect(intervals).toBe(1);
  expect(block(bench, sequence)).toMatchObject({ end: "2026-07-15 01:15" });
});

describe("list pointers", () => {
  test("procedure 5 marks the oldest unread blocks as read, and more than there are marks none", () => {
    const bench = programmed();
    bench.clock.advance(5 * 24 * hour);
    const { unread } = status(bench);
    const session = bench.session("programmer");
    session.write(7, Uint8Array.of(5, 0, 1, 3, 2, 0));
    expect(bytesOf(session.read(8))[3]).toBe(0);
    expect(status(bench).unread).toBe(unread - 2);
    session.write(7, Uint8Array.of(5, 0, 2, 3, 200, 0));
    expect(bytesOf(session.read(8))[3]).toBe(2);
    expect(status(bench.restarted()).unread).toBe(unread - 2);
  });

  test("reading moves no pointer; a reader may not move one; the master may empty the list, and numbers go on", () => {
    const bench = programmed();
    bench.clock.advance(2 * 24 * hour);
    const before = status(bench);
    block(bench, before.sequence);
    expect(status(bench)).toEqual(before);
    const reader = bench.session("reader");
    reader.write(7, Uint8Array.of(5, 0, 1, 3, 1, 0));
    expect(bytesOf(reader.read(8))[3]).toBe(5);
    const master = bench.session("master");
    master.write(7, Uint8Array.of(4, 0, 1, 7));
    expect(bytesOf(master.read(8))[3]).toBe(0);
    expect(status(bench)).toMatchObject({ valid: 0, unread: 0, sequence: before.sequence });
    bench.clock.advance(15 * minute);
    expect(status(bench)).toMatchObject({ valid: 1, unread: 1, sequence: before.sequence + 1, intervals: 1 });
  });
});

test("a list that the meter has not is an invalid parameter", () => {
  const session = programmed().session("master");
  for (const list of [0, 2, 4, 8, 254]) {
    session.write(7, Uint8Array.of(4, 0, 1, list));
    expect(bytesOf(session.read(8))[3]).toBe(2);
  }
});
