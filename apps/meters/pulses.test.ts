import { readFileSync } from "node:fs";
import { pulseLine } from "@metersmith/meter";
import { buildProgram, programPlan, readParameters, type Parameters } from "@metersmith/programs";
import { describe, expect, test } from "vitest";
import { MeterInMemory, plugin } from "./testing/meter-in-memory.ts";

const start = Date.UTC(2026, 6, 1, 5);
const hour = 3_600_000;

/** A program for a meter of pulses: one tier, the clock of the middle of the United States. */
function program(quantity: "m3" | "ft3"): Parameters {
  return readParameters({
    format: "metersmith-parameters-1",
    program: { code: "FLAT", name: "One tier", version: 1 },
    tariff: { name: "One tier", utility: "", file: "" },
    clock: { mode: "prevailing", zone: "America/Chicago", tariffHours: "prevailing" },
    calendar: {
      tiers: ["all"], schedules: [{ name: "all", switches: [{ at: "00:00", tier: 0 }] }],
      seasons: [{ name: "all", starts: [{ month: 1, day: 1 }], weekday: 0, saturday: 0, sunday: 0, special: [] }],
      specialDays: [], holidays: [], years: { first: 2026, last: 2030 },
    },
    registers: { energy: [quantity], demand: [] },
  }, "flat.json");
}

/** A draw of its own for each hour, in pulses at the whole minutes: 7 in hour 0, 14 in hour 1, 21 in hour 2, and round again. */
function pulsesUntil(seconds: number): number {
  const minutes = Math.floor((seconds - start / 1000) / 60);
  if (minutes <= 0) return 0;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const before = Math.floor(hours / 3) * 42 + [0, 7, 21][hours % 3]!;
  return before + Math.floor((rest * 7 * ((hours % 3) + 1)) / 60);
}

describe.each([
  ["wx-1", "m3", 100],
  ["gx-1", "ft3", 1],
] as const)("%s", (id, quantity, pulsesPerUnit) => {
  test("[CON-18] is programmed, compared and verified like any other, and its register is the pulses in its unit, tier and total", async () => {
    const type = plugin(id);
    const bench = new MeterInMemory(id, start, {}, pulseLine(pulsesUntil));
    const plan = programPlan(buildProgram(type, program(quantity)), type, "head-end");
    expect(await bench.program(plan)).toMatchObject({ outcome: "verified", mismatches: [] });
    expect(await bench.program(plan)).toMatchObject({ outcome: "verified", written: [] });
    expect(bench.meter.inspect().problems).toEqual([]);
    bench.clock.advance(50 * hour + 1_800_000);
    const device = bench.meter.device();
    device.logon(7, "bench");
    device.security(new TextEncoder().encode("reading".padEnd(20, "\0")));
    // Table 23: resets u8, then INT32 for the total and four tiers.
    const octets = device.read(23) as Uint8Array;
    const view = new DataView(octets.buffer, octets.byteOffset);
    // 16 times three hours, then 7 + 14 of hours 48 and 49, and half of the 21 of hour 50.
    const pulses = 16 * 42 + 21 + 10;
    expect([1, 5, 9].map((at) => view.getInt32(at, true))).toEqual([Math.floor(pulses / pulsesPerUnit), Math.floor(pulses / pulsesPerUnit), 0]);
    // Table 64: an hour's count is its pulses. Block: end 5, reading 4, 24 × (status 1, u16); the newest is in place 1 of a ring of 40.
    const status = device.read(63) as Uint8Array;
    const newest = new DataView(status.buffer, status.byteOffset).getUint32(5, true) % 40;
    const profile = device.read(64) as Uint8Array;
    const block = new DataView(profile.buffer, profile.byteOffset + newest * 81, 81);
    const valid = new DataView(status.buffer, status.byteOffset).getUint16(11, true);
    const counts = Array.from({ length: valid }, (_, interval) => block.getUint16(9 + interval * 3 + 1, true));
    const first = 50 - valid;
    expect(counts).toEqual(counts.map((_, interval) => 7 * (((first + interval) % 3) + 1)));
    expect(valid).toBeGreaterThan(0);
  });
});

test("a program of volume is refused by a meter of electricity, and one of energy by a meter of water", () => {
  expect(() => buildProgram(plugin("rx-2s"), program("m3"))).toThrow(/rx-2s does not measure m3/);
  const energy = { ...program("m3"), registers: { energy: ["kWh-delivered" as const], demand: [] } };
  expect(() => buildProgram(plugin("wx-1"), energy)).toThrow(/wx-1 does not measure kWh-delivered/);
});

test("what the factories say of pulses is what the registers' units are made of", () => {
  for (const [id, field, value] of [["wx-1", "PULSES_PER_CUBIC_METRE", "100"], ["gx-1", "PULSES_PER_CUBIC_FOOT", "1"]] as const) {
    expect(readFileSync(new URL(`../../device-types/${id}/fragment.json`, import.meta.url), "utf8")).toMatch(new RegExp(`"${field}".*"default": "${value}"`));
  }
});
