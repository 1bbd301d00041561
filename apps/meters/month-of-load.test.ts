import { readFileSync } from "node:fs";
import { commercialService, householdService, powerLine, recordedLoad, recordings, type Service } from "@metersmith/meter";
import { describe, expect, test } from "vitest";
import { MeterInMemory, planOf, type DeviceTypeId, type Rate } from "./testing/meter-in-memory.ts";

/**
 * A month of a recorded load under a real tariff, by the meter and by an independent sum: the files' own numbers, the rate record's own matrices, the time zone data
 * of the platform, holidays by a wall calendar, integers throughout. Nothing of the meter, of programs or of tables takes part in it.
 */
interface Month {
  readonly type: DeviceTypeId;
  readonly rate: Rate;
  readonly load: "green-button-hours" | "pysam-year";
  readonly scale: number;
  readonly service: Service;
  readonly zone: string;
  /** When the month begins and ends, UTC: by a wall clock. */
  readonly from: string;
  readonly to: string;
  readonly holidays: readonly string[];
  /** Tier of each energy period of the rate record, cheapest first: by reading the record. */
  readonly tierOf: Readonly<Record<number, number>>;
  /** Whether the rate charges for demand: if not, the meter has no register of it. */
  readonly demand: boolean;
}

const july: Month = {
  type: "rx-2s", rate: "aps-et-2-tou", load: "green-button-hours", scale: 1, service: householdService, zone: "America/Phoenix",
  from: "2026-07-01T07:00:00Z", to: "2026-08-01T07:00:00Z", holidays: ["2026-07-03"], tierOf: { 1: 0, 0: 1 }, demand: false,
};
/** Clocks go forward on the 8th, at 10:00 UTC. */
const march: Month = {
  type: "ix-4s", rate: "sce-gs-2-tou-b-single-phase", load: "pysam-year", scale: 20, service: commercialService, zone: "America/Los_Angeles",
  from: "2026-03-01T08:00:00Z", to: "2026-04-01T07:00:00Z", holidays: [], tierOf: { 0: 0, 1: 1 }, demand: true,
};
/** Clocks go back on the 1st, at 07:00 UTC. */
const november: Month = {
  type: "ix-4s", rate: "entergy-ar-lps-tou", load: "pysam-year", scale: 20, service: commercialService, zone: "America/Chicago",
  from: "2026-11-01T05:00:00Z", to: "2026-12-01T06:00:00Z", holidays: ["2026-11-26"], tierOf: { 3: 0, 2: 1 }, demand: true,
};

interface Raw {
  readonly stepSeconds: number;
  readonly unit: "Wh" | "mWh";
  readonly values: readonly number[];
}

const file = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));
const hour = 3_600_000;

/** By tier: milliwatt-hours, and the highest hour of them. */
function independent({ rate, load, scale, zone, from, to, holidays, tierOf }: Month): { sums: number[]; highest: number[] } {
  const raw = file(`packages/meter/line/recordings/${load}.json`) as Raw;
  expect(raw.stepSeconds).toBe(3600);
  const record = file(`examples/tariffs/${rate}.json`) as Record<string, readonly (readonly number[])[]>;
  const wall = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", hourCycle: "h23", weekday: "short" });
  const [sums, highest] = [[0, 0, 0, 0], [0, 0, 0, 0]];
  for (let at = Date.parse(from), index = 0; at < Date.parse(to); at += hour, index++) {
    const part = Object.fromEntries(wall.formatToParts(at).map(({ type, value }) => [type, value]));
    const free = part["weekday"] === "Sat" || part["weekday"] === "Sun" || holidays.includes(`${part["year"]}-${part["month"]}-${part["day"]}`);
    const period = record[free ? "energyweekendschedule" : "energyweekdayschedule"]?.[Number(part["month"]) - 1]?.[Number(part["hour"])] ?? -1;
    const tier = tierOf[period] ?? Number.NaN;
    const energy = (raw.values[index % raw.values.length] ?? Number.NaN) * scale * (raw.unit === "Wh" ? 1000 : 1);
    sums[tier] = (sums[tier] ?? Number.NaN) + energy;
    highest[tier] = Math.max(highest[tier] ?? Number.NaN, energy);
  }
  return { sums, highest };
}

/** Table 23 by hand: after the number of resets a block for the total, then for tiers 0–3; energy in kWh, the highest demand in kW. */
function registers(type: DeviceTypeId, bytes: Uint8Array): { energy: number[]; demand: number[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  // rx-2s, least significant first: 2 × INT32; time 5, cumulative INT32, INT32. ix-4s: 4 × INT48; 2 × (time 4, cumulative INT48, FLOAT32); coincident FLOAT32.
  const [length, blocks] = [type === "rx-2s" ? 21 : 56, [0, 1, 2, 3, 4]];
  expect(bytes.length).toBe(1 + 5 * length);
  const at = blocks.map((block) => 1 + block * length);
  return type === "rx-2s"
    ? { energy: at.map((place) => view.getInt32(place, true)), demand: at.map((place) => view.getInt32(place + 17, true)) }
    : { energy: at.map((place) => view.getUint32(place + 2) + view.getUint16(place) * 2 ** 32), demand: at.map((place) => view.getFloat32(place + 34)) };
}

describe.each([
  ["a household in July, without daylight saving", july],
  ["a building in March, with the hour that is skipped", march],
  ["a building in November, with the hour that comes twice", november],
])("%s", (_, month) => {
  test("[HEM-1] has the same kWh by tier, and the same highest demand, as the raw data and the rate record say", async () => {
    const line = powerLine(recordedLoad(recordings[month.load], { from: Date.parse(month.from) / 1000, scale: month.scale }), month.service);
    const bench = new MeterInMemory(month.type, Date.parse(month.from), {}, line);
    expect(await bench.program(planOf(month.type, month.rate))).toMatchObject({ outcome: "verified" });
    // Interval by interval, with the power off and on again at once in the middle: that loses nothing that was durable.
    for (let at = Date.parse(month.from); at < Date.parse(month.to); at += hour / 4) {
      bench.clock.advance(hour / 4);
      bench.meter.tick();
      if (at === Date.parse(month.from) + 300 * hour) bench.restart();
    }
    const device = bench.meter.device();
    device.logon(7, "bench");
    device.security(new TextEncoder().encode("reading".padEnd(20, "\0")));
    const { energy, demand } = registers(month.type, device.read(23) as Uint8Array);
    const { sums, highest } = independent(month);
    const kWh = (milli: number): number => Math.floor(milli / 1e6);
    expect(sums.filter((sum) => sum > 0), "both tiers are there").toHaveLength(2);
    expect(energy).toEqual([sums.reduce((all, sum) => all + sum, 0), ...sums].map(kWh));
    const charged = month.demand ? 1e-6 : 0;
    for (const [place, highestOf] of [Math.max(...highest), ...highest].entries()) {
      expect(Math.abs((demand[place] ?? Number.NaN) - highestOf * charged), `demand ${place}`).toBeLessThan(1e-4);
    }
  });
});
