import { describe, expect, test } from "vitest";
import { disturbedLine, type Disturbance } from "../line/disturbed-line.ts";
import { commercialService, powerLine } from "../line/power-line.ts";
import { recordedLoad } from "../line/recorded-load.ts";
import { bytesOf, meterOnTheBench, slidingModel, type BenchMeter } from "../testing/bench.ts";
import { polyphaseRegisters, setPrevailing, writePolyphaseProgram, type PolyphaseProgram } from "../testing/polyphase-program.ts";
import { daylightOff, daylightOn, rawCalendar, rawSizes } from "../testing/raw-calendar.ts";

/**
 * Demand, demand reset, exclusion after outages and both days of daylight saving against an independent computation: whole watt-hours a minute, added up as integers, the
 * wall clock of the platform's time zone data, tiers by hand. SYNTHETIC load: it stands for no real one.
 */
const minutes = 3 * 1440;
const load = (() => {
  let state = 20_260_307;
  return Array.from({ length: minutes }, (_, minute) => {
    state = (state * 48_271) % 2_147_483_647;
    // 0–119 Wh a minute (up to 7.1 kW), higher in the evening, now and then nothing.
    const evening = (minute % 1440) > 900 ? 40 : 0;
    return state % 17 === 0 ? 0 : (state % 80) + evening;
  });
})();

const wall = new Intl.DateTimeFormat("en-CA", { timeZone: "America/Chicago", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const wallClock = (at: number): string => wall.format(at).replace(",", "");

/** By hand: 00:00 tier 1, 01:30 tier 2, 03:15 tier 0, 16:00 tier 3, 21:00 tier 1; every day. */
function tierAt(clock: string): number {
  const time = clock.slice(11);
  return time < "01:30" ? 1 : time < "03:15" ? 2 : time < "16:00" ? 0 : time < "21:00" ? 3 : 1;
}

const switches = [[0, 0, 1], [1, 30, 2], [3, 15, 0], [16, 0, 3], [21, 0, 1]] as const;
const calendar = rawCalendar({
  littleEndian: true, sizes: rawSizes["px-9s"], recurring: [], seasons: [],
  dated: [{ date: [2026, 3, 8], control: daylightOn }, { date: [2026, 11, 1], control: daylightOff }],
  switches: switches.map(([hour, minute, tier]) => ({ schedule: 0, hour, minute, tier })),
});

interface Case {
  readonly start: number;
  readonly daylight: boolean;
  readonly disturbances?: readonly Disturbance[];
  readonly program?: Partial<PolyphaseProgram>;
}

function programmed({ start, daylight, disturbances = [], program = {} }: Case, model?: typeof slidingModel): BenchMeter {
  const recording = { title: "synthetic minutes", unit: "Wh" as const, start: start / 1000, stepSeconds: 60, values: load, source: "this test", licence: "Apache-2.0" };
  const line = disturbedLine(powerLine(recordedLoad(recording), commercialService), disturbances);
  const bench = meterOnTheBench({ deviceType: "px-9s", start, line, ...(model ? { model } : {}) });
  writePolyphaseProgram(bench, { calendar, ...program });
  setPrevailing(bench, daylight);
  expect(bench.meter.inspect().problems).toEqual([]);
  return bench;
}

const registersOf = (bench: BenchMeter) => polyphaseRegisters(bytesOf(bench.session("reader").read(23)));
const tangent = Math.sqrt(1 - 0.81) / 0.9;

/** Watt-hours of minutes from `from` to `to`, without those for which `lost` holds. */
function energyByTier(start: number, from: number, to: number, lost: (minute: number) => boolean = () => false): number[] {
  const sums = [0, 0, 0, 0];
  for (let minute = from; minute < to; minute++) {
    if (lost(minute)) continue;
    const tier = tierAt(wallClock(start + minute * 60_000));
    sums[tier] = (sums[tier] ?? 0) + (load[minute] ?? 0);
  }
  return sums;
}

/** The highest mean of `window` minutes that ends at a multiple of `part` minutes, all and by the tier in which it ends; windows that begin within `excluded` are left out. */
function highest(start: number, from: number, to: number, { window = 15, part = 15, excluded = () => false, lost = () => false }: { window?: number; part?: number; excluded?: (minute: number) => boolean; lost?: (minute: number) => boolean } = {}): { value: number; at: string }[] {
  const best = Array.from({ length: 5 }, () => ({ value: 0, at: "2000-00-00 00:00" }));
  for (let end = from + part; end <= to; end += part) {
    if (excluded(end - part)) continue;
    let sum = 0;
    for (let minute = end - window; minute < end; minute++) if (minute >= from && !lost(minute)) sum += load[minute] ?? 0;
    const value = (sum * 60) / window;
    const tier = tierAt(wallClock(start + (end - 1) * 60_000));
    for (const place of [0, 1 + tier]) if (value > (best[place]?.value ?? 0)) best[place] = { value, at: wallClock(start + end * 60_000) };
  }
  return best;
}

/** To the register's resolution: a watt-hour, a watt. */
function agree(bench: BenchMeter, sums: readonly number[], best: readonly { value: number; at: string }[]): void {
  const { blocks } = registersOf(bench);
  const expected = [sums.reduce((all, sum) => all + sum, 0), ...sums];
  for (const [place, { energy, demands }] of blocks.entries()) {
    expect(Math.abs((energy[0] ?? 0) - (expected[place] ?? 0)), `energy ${place}`).toBeLessThanOrEqual(1);
    expect(Math.abs((demands[0]?.value ?? 0) - (best[place]?.value ?? 0)), `demand ${place}`).toBeLessThanOrEqual(1);
    if ((best[place]?.value ?? 0) > 0) expect(demands[0]?.at, `time of demand ${place}`).toBe(best[place]?.at);
  }
}

describe.each([
  ["in spring, when an hour is skipped", { start: Date.UTC(2026, 2, 7, 18), daylight: false }],
  ["in autumn, when an hour comes twice", { start: Date.UTC(2026, 9, 31, 17), daylight: true }],
  ["in summer", { start: Date.UTC(2026, 6, 14, 5), daylight: true }],
] as const)("three days of minutes %s", (_, one) => {
  test("[HEM-1] have the energy by tier and the highest quarters of an hour, with their times, that the minutes add up to", () => {
    const bench = programmed(one);
    for (let hour = 0; hour < 72; hour++) {
      bench.clock.advance(3_600_000);
      bench.meter.tick();
    }
    agree(bench, energyByTier(one.start, 0, minutes), highest(one.start, 0, minutes));
    expect(energyByTier(one.start, 0, minutes).every((sum) => sum > 0)).toBe(true);
  });
});

const summer: Case = { start: Date.UTC(2026, 6, 14, 5), daylight: true };

test("reactive power at the time of the highest demand is kept with it, and reactive and apparent energy follow the angle", () => {
  const bench = programmed(summer);
  bench.clock.advance(86_400_000);
  const { blocks } = registersOf(bench);
  for (const { energy, demands, coincident } of blocks) {
    expect(Math.abs(coincident - (demands[0]?.value ?? 0) * tangent)).toBeLessThanOrEqual(1);
    expect(Math.abs((energy[3] ?? 0) - (energy[0] ?? 0) * tangent)).toBeLessThanOrEqual(1);
    expect(Math.abs((energy[4] ?? 0) - (energy[0] ?? 0) / 0.9)).toBeLessThanOrEqual(2);
  }
});

test("where the lowest is asked for, it is the lowest whole quarter of an hour", () => {
  const bench = programmed({ ...summer, program: { lowest: true } });
  bench.clock.advance(86_400_000);
  const quarters = Array.from({ length: 96 }, (_, quarter) => load.slice(quarter * 15, quarter * 15 + 15).reduce((sum, watt) => sum + watt, 0) * 4);
  expect(Math.abs((registersOf(bench).blocks[0]?.demands[1]?.value ?? 0) - Math.min(...quarters) / 0.9)).toBeLessThanOrEqual(1);
});

test("a demand reset begins demand anew, adds to the cumulative one, keeps what was, and is refused again within its exclusion", () => {
  const bench = programmed({ ...summer, program: { exclusions: [10, 0, 0, 0] } });
  const reset = (): number => {
    const session = bench.session("programmer");
    session.write(7, Uint8Array.of(9, 0, 1, 1));
    return bytesOf(session.read(8))[3] ?? -1;
  };
  bench.clock.advance(1440 * 60_000);
  expect(reset()).toBe(0);
  bench.clock.advance(9 * 60_000);
  expect(reset(), "timing constraint").toBe(4);
  bench.clock.advance(60_000);
  const first = highest(summer.start, 0, 1440)[0]?.value ?? 0;
  bench.clock.advance((1440 - 10) * 60_000);
  agree(bench, energyByTier(summer.start, 0, 2880), highest(summer.start, 1440, 2880));
  const { resets, blocks } = registersOf(bench);
  expect(resets).toBe(1);
  expect(Math.abs((blocks[0]?.demands[0]?.cumulative ?? 0) - first)).toBeLessThanOrEqual(1);
  // Table 25: end YY MM DD hh mm, season, then as table 23.
  const previous = polyphaseRegisters(bytesOf(bench.session("reader").read(25)), 6);
  expect(Math.abs((previous.blocks[0]?.demands[0]?.value ?? 0) - first)).toBeLessThanOrEqual(1);
});

describe("an outage", () => {
  const at = summer.start / 1000;
  /** The line is dead from minute 1000 for 20 minutes, and for half a minute in minute 2000. */
  const disturbances = [{ from: at + 60_000, to: at + 61_200, voltage: 0 }, { from: at + 120_000, to: at + 120_030, voltage: 0 }];
  const lost = (minute: number): boolean => minute >= 1000 && minute < 1020;

  test("of recognized length excludes quarters that begin within its time; a shorter one does not; what was not drawn is in no register", () => {
    const bench = programmed({ ...summer, disturbances, program: { exclusions: [0, 60, 30, 0] } });
    for (let minute = 0; minute < minutes; minute += 15) {
      bench.clock.advance(900_000);
      bench.meter.tick();
    }
    // Power is back at minute 1020: quarters that begin before 1050 count for nothing.
    const excluded = (minute: number): boolean => minute + 15 > 1000 && minute < 1050;
    const sums = energyByTier(summer.start, 0, minutes, lost);
    const half = (load[2000] ?? 0) / 2;
    sums[tierAt(wallClock(summer.start + 2000 * 60_000))]! -= half;
    agree(bench, sums, highest(summer.start, 0, minutes, { excluded, lost }));
  });

  test("leaves demand alone where the program excludes nothing", () => {
    const bench = programmed({ ...summer, disturbances: disturbances.slice(0, 1) });
    bench.clock.advance(minutes * 60_000);
    agree(bench, energyByTier(summer.start, 0, minutes, lost), highest(summer.start, 0, minutes, { lost }));
  });

  test("of the meter itself excludes as one of the line does", () => {
    const bench = programmed({ ...summer, program: { exclusions: [0, 60, 30, 0] } });
    bench.clock.advance(960 * 60_000);
    bench.meter.tick();
    bench.clock.advance(30 * 60_000);
    const again = bench.restarted();
    again.clock.advance((minutes - 990) * 60_000);
    const off = (minute: number): boolean => minute >= 960 && minute < 990;
    agree(again, energyByTier(summer.start, 0, minutes, off), highest(summer.start, 0, minutes, { excluded: (minute) => minute + 15 > 960 && minute < 1020, lost: off }));
  });
});

test("sliding demand is the mean of the last three times five minutes, every five minutes", () => {
  const bench = programmed({ ...summer, program: { interval: [5, 3] } }, slidingModel);
  bench.clock.advance(minutes * 60_000);
  agree(bench, energyByTier(summer.start, 0, minutes), highest(summer.start, 0, minutes, { window: 15, part: 5 }));
});
