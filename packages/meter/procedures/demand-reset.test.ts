import { expect, test } from "vitest";
import { bytesOf, meterOnTheBench, type BenchMeter } from "../testing/bench.ts";
import { writeRawProgram } from "../testing/raw-program.ts";

const hour = 3_600_000;

/** Registers of rx-2s from `at`: resets u8, then the total: 2 × INT32, time of the highest demand (5), cumulative INT32, demand INT32. */
function total(bytes: Uint8Array, at: number): { resets: number; energy: number; time: number[]; cumulative: number; demand: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  return { resets: view.getUint8(0), energy: view.getInt32(1, true), time: [...bytes.subarray(at + 9, at + 14)], cumulative: view.getInt32(14, true), demand: view.getInt32(18, true) };
}

const registers = (bench: BenchMeter) => total(bytesOf(bench.session("reader").read(23)), 0);

function reset(bench: BenchMeter, action = 1, level: "programmer" | "reader" = "programmer"): number[] {
  const session = bench.session(level);
  session.write(7, Uint8Array.of(9, 0, 1, action));
  return [...bytesOf(session.read(8))].slice(3);
}

function programmed(): BenchMeter {
  const bench = meterOnTheBench({ start: Date.UTC(2026, 6, 15, 6, 0, 0) });
  writeRawProgram(bench);
  bench.session("programmer").write(7, Uint8Array.of(10, 0, 1, 7, 26, 7, 15, 1, 0, 0, 0x20 | 0x80 | 0x08 | 0x40 | 7));
  return bench;
}

test("a demand reset moves the registers to table 25, counts, adds to the cumulative demand, and leaves energy alone", () => {
  const bench = programmed();
  bench.clock.advance(20 * hour);
  const before = registers(bench);
  expect(before.demand).toBeGreaterThan(0);
  expect(reset(bench)).toEqual([0, 1]);
  const after = registers(bench);
  expect(after).toEqual({ resets: 1, energy: before.energy, time: [0, 0, 0, 0, 0], cumulative: before.demand, demand: 0 });
  // Table 25: end YY MM DD hh mm, season, then as table 23.
  const previous = bytesOf(bench.restarted().session("reader").read(25));
  expect([...previous.subarray(0, 5)]).toEqual([26, 7, 15, 21, 0]);
  // Summer.
  expect(previous[5]).toBe(1);
  expect(total(previous, 6)).toEqual({ ...before, resets: 1, cumulative: before.demand });
  bench.clock.advance(20 * hour);
  const second = registers(bench);
  reset(bench);
  expect(registers(bench).cumulative).toBe(before.demand + second.demand);
});

test.each([[0], [2], [3], [0x81]])("of the actions only a demand reset is known: %i is an invalid parameter and changes nothing", (action) => {
  const bench = programmed();
  bench.clock.advance(20 * hour);
  const before = registers(bench);
  expect(reset(bench, action)).toEqual([2]);
  expect(registers(bench)).toEqual(before);
});

test("a reader may not reset", () => {
  expect(reset(programmed(), 1, "reader")).toEqual([5]);
});
