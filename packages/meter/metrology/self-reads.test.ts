import { expect, test } from "vitest";
import { bytesOf, meterOnTheBench, type BenchMeter } from "../testing/bench.ts";
import { polyphaseRegisters, setPrevailing, writePolyphaseProgram } from "../testing/polyphase-program.ts";
import { exampleCalendar } from "../testing/raw-calendar.ts";

const hour = 3_600_000;

/** px-9s: a self read with each demand reset and each new season; four entries. */
function programmed(start: number, daylight: boolean): BenchMeter {
  const bench = meterOnTheBench({ deviceType: "px-9s", start });
  writePolyphaseProgram(bench, { calendar: exampleCalendar("px-9s") });
  setPrevailing(bench, daylight);
  return bench;
}

interface SelfRead {
  readonly sequence: number;
  readonly end: string;
  readonly season: number;
  readonly energy: number;
}

/** Table 26 by hand: status u8, valid u8, last place u8, last number u16, unread u8; entries of number u16, end YY MM DD hh mm, season u8, registers 271. */
function selfReads(bench: BenchMeter): { status: number; valid: number; last: number; sequence: number; unread: number; entries: SelfRead[] } {
  const bytes = bytesOf(bench.session("reader").read(26));
  expect(bytes.length).toBe(6 + 4 * (2 + 6 + 271));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const entries = [0, 1, 2, 3].map((place) => 6 + place * 279).map((at) => ({
    sequence: view.getUint16(at, true), end: [...bytes.subarray(at + 2, at + 7)].join(" "), season: view.getUint8(at + 7), energy: polyphaseRegisters(bytes, at + 8).blocks[0]?.energy[0] ?? -1,
  }));
  return { status: view.getUint8(0), valid: view.getUint8(1), last: view.getUint8(2), sequence: view.getUint16(3, true), unread: view.getUint8(5), entries };
}

function procedure9(bench: BenchMeter, action: number): number[] {
  const session = bench.session("programmer");
  session.write(7, Uint8Array.of(9, 0, 1, action));
  return [...bytesOf(session.read(8))].slice(3);
}

const energyNow = (bench: BenchMeter): number => polyphaseRegisters(bytesOf(bench.session("reader").read(23))).blocks[0]?.energy[0] ?? -1;

test("procedure 9 reads the meter: the registers go into the next place of the ring, with time, season and number", () => {
  const bench = programmed(Date.UTC(2026, 6, 15, 5), true);
  bench.clock.advance(10 * hour);
  const energy = energyNow(bench);
  expect(energy).toBeGreaterThan(0);
  expect(procedure9(bench, 2)).toEqual([0, 2]);
  bench.clock.advance(hour);
  // Circular list.
  const read = selfReads(bench.restarted());
  expect(read).toMatchObject({ status: 4, valid: 1, last: 1, sequence: 1, unread: 1 });
  expect(read.entries[1]).toEqual({ sequence: 1, end: "26 7 15 10 0", season: 1, energy });
});

test("a demand reset brings a self read of what was before it; five of four lose the oldest unread one, and say so", () => {
  const bench = programmed(Date.UTC(2026, 6, 15, 5), true);
  for (let reset = 0; reset < 5; reset++) {
    bench.clock.advance(hour);
    expect(procedure9(bench, 1)).toEqual([0, 1]);
  }
  const read = selfReads(bench);
  expect(read).toMatchObject({ status: 6, valid: 4, last: 1, sequence: 5, unread: 4 });
  expect(read.entries.map(({ sequence }) => sequence)).toEqual([4, 5, 2, 3]);
});

test("list 2 of procedures 4 and 5 is that of self reads", () => {
  const bench = programmed(Date.UTC(2026, 6, 15, 5), true);
  procedure9(bench, 2);
  procedure9(bench, 2);
  const answer = (level: "programmer" | "master", ...octets: number[]): number => {
    const session = bench.session(level);
    session.write(7, Uint8Array.of(...octets));
    return bytesOf(session.read(8))[3] ?? -1;
  };
  expect(answer("programmer", 5, 0, 1, 2, 1, 0)).toBe(0);
  expect(selfReads(bench)).toMatchObject({ valid: 2, unread: 1 });
  expect(answer("programmer", 5, 0, 1, 2, 2, 0), "more than there are").toBe(2);
  expect(answer("master", 4, 0, 1, 2)).toBe(0);
  expect(selfReads(bench)).toMatchObject({ valid: 0, unread: 0, sequence: 2 });
});

test("a new season keeps the registers in table 24 as they are when it begins, and reads the meter; energy goes on", () => {
  // 30 April 2026, 22:00 daylight time; summer, season 1, begins at midnight.
  const bench = programmed(Date.UTC(2026, 4, 1, 3), true);
  bench.clock.advance(2 * hour);
  const before = energyNow(bench);
  bench.clock.advance(5 * hour);
  const previous = bytesOf(bench.session("reader").read(24));
  // End YY MM DD hh mm, season, then as table 23.
  expect([...previous.subarray(0, 6)]).toEqual([26, 5, 1, 0, 0, 0]);
  expect(polyphaseRegisters(previous, 6).blocks[0]?.energy[0]).toBe(before);
  expect(selfReads(bench).entries[1]).toEqual({ sequence: 1, end: "26 5 1 0 0", season: 0, energy: before });
  expect(energyNow(bench)).toBeGreaterThan(before);
});

test("a model without table 26 takes no self read", () => {
  const session = meterOnTheBench().session("programmer");
  session.write(7, Uint8Array.of(9, 0, 1, 2));
  expect(bytesOf(session.read(8))[3]).toBe(2);
});
