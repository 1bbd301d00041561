import { FakeClock } from "@metersmith/base/clock";
import { silentLog } from "@metersmith/base/log";
import { expect, test } from "vitest";
import { startMeasuringRounds } from "./measuring-rounds.ts";
import { MeterInMemory } from "./testing/meter-in-memory.ts";

test("[CON-11] every meter of a street has its intervals in non-volatile memory within a minute of their end, whether anybody asks or not", () => {
  const bench = new MeterInMemory("rx-2s", Date.UTC(2026, 6, 15, 22, 0));
  const stop = startMeasuringRounds([bench.meter], bench.clock, silentLog);
  bench.clock.advance(2 * 3_600_000 + 60_000);
  stop();
  const lost = bench.clock.now();
  bench.restart();
  const device = bench.meter.device();
  device.logon(7, "bench");
  device.security(new TextEncoder().encode("reading".padEnd(20, "\0")));
  // Table 63: the newest block has its eight quarters of an hour.
  const status = device.read(63) as Uint8Array;
  expect(new DataView(status.buffer, status.byteOffset).getUint16(11, true)).toBe(8);
  bench.clock.advance(3_600_000);
  expect(bench.clock.now() - lost, "a stopped round fires no more").toBe(3_600_000);
  expect(bench.clock.untilNext).toBeUndefined();
});

test("a meter that fails keeps none of the others from measuring", () => {
  const clock = new FakeClock(0);
  const ticks: number[] = [];
  const errors: string[] = [];
  const meter = (position: number, tick: () => void) => ({ ...new MeterInMemory("rx-2s").meter, serial: `M${position}`, tick });
  const stop = startMeasuringRounds([meter(0, () => { throw new Error("broken"); }), meter(1, () => void ticks.push(clock.now()))], clock, { ...silentLog, error: (message) => void errors.push(message) });
  clock.advance(180_000);
  stop();
  expect(ticks).toEqual([2000, 62_000, 122_000]);
  expect(errors).toHaveLength(3);
});
