import { expect, test } from "vitest";
import { bytesOf, meterOnTheBench, type BenchMeter } from "../testing/bench.ts";
import { writeRawProgram } from "../testing/raw-program.ts";
import { syntheticCurve } from "../line/synthetic-household.ts";

const start = Date.UTC(2026, 6, 15, 6, 0, 0);
const hour = 3_600_000;

/**
 * Table 23 of rx-2s by hand: resets u8, then per block 2 × INT32, and a demand of STIME (5), cumulative INT32, INT32: 21 octets
 * a block; the total, then tiers 0–3.
 */
function registers(bench: BenchMeter): { energy: number[]; demand: number[]; time: number[] } {
  const bytes = bytesOf(bench.session("reader").read(23));
  expect(bytes.length).toBe(1 + 5 * 21);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const blocks = [0, 1, 2, 3, 4].map((block) => 1 + block * 21);
  return { energy: blocks.map((at) => view.getInt32(at, true)), demand: blocks.map((at) => view.getInt32(at + 17, true)), time: [...bytes.subarray(9, 14)] };
}

/** Programs the meter and sets its clock to prevailing time, UTC−5 in July: 2026-07-15 01:00. */
function programmed(): BenchMeter {
  const bench = meterOnTheBench({ start });
  writeRawProgram(bench);
  const session = bench.session("programmer");
  session.write(7, Uint8Array.of(10, 0, 1, 7, 26, 7, 15, 1, 0, 0, 0x20 | 0x80 | 0x08 | 0x40 | 7));
  expect(bytesOf(session.read(8))[3]).toBe(0);
  return bench;
}

test("energy goes to the tier of its time and to the total, as an independent sum over the load says", () => {
  const bench = programmed();
  bench.clock.advance(47 * hour);
  const load = syntheticCurve("TEST0001").watts;
  // 15 and 16 July 2026 are weekdays of the summer: 15:00–20:30 is tier 0, all else tier 1.
  const expected = [0, 0];
  for (let minute = 0; minute < 47 * 60; minute++) {
    const utc = start / 1000 + minute * 60;
    const ofDay = (60 + minute) % 1440;
    const tier = ofDay >= 15 * 60 && ofDay < 20 * 60 + 30 ? 0 : 1;
    expected[tier] = (expected[tier] ?? 0) + load(utc) / 60;
  }
  const { energy } = registers(bench);
  expect(Math.abs((energy[1] ?? 0) - (expected[0] ?? 0))).toBeLessThan(1);
  expect(Math.abs((energy[2] ?? 0) - (expected[1] ?? 0))).toBeLessThan(1);
  expect(energy[3]).toBe(0);
  expect(Math.abs((energy[0] ?? 0) - (energy[1] ?? 0) - (energy[2] ?? 0))).toBeLessThanOrEqual(1);
});

test("the highest quarter of an hour is kept with the time of its end", () => {
  const bench = programmed();
  bench.clock.advance(24 * hour);
  const { demand, time } = registers(bench);
  // The curve's highest hour begins at 18:00 standard time, 19:00 by this clock: its first quarter ends at 19:15.
  expect(time).toEqual([26, 7, 15, 19, 15]);
  expect(demand[0]).toBe(Math.floor(syntheticCurve("TEST0001").watts(Date.UTC(2026, 6, 16, 0) / 1000)));
  expect(demand[1]).toBe(demand[0]);
});

test("what was read survives a loss of power, time without power adds nothing, and setting the clock makes no energy", () => {
  const bench = programmed();
  bench.clock.advance(5 * hour);
  const before = registers(bench);
  bench.clock.advance(10 * hour);
  const after = bench.restarted();
  expect(registers(after)).toEqual(before);
  after.session("programmer").write(7, Uint8Array.of(10, 0, 1, 7, 27, 7, 15, 1, 0, 0, 0x20 | 7));
  expect(registers(after)).toEqual(before);
});

test("procedure 3 clears the registers for the master level", () => {
  const bench = programmed();
  bench.clock.advance(5 * hour);
  expect(registers(bench).energy[0]).toBeGreaterThan(0);
  const master = bench.session("master");
  expect(master.write(7, Uint8Array.of(3, 0, 1))).toBe("ok");
  expect(bytesOf(master.read(8))[3]).toBe(0);
  expect(registers(bench).energy).toEqual([0, 0, 0, 0, 0]);
});
