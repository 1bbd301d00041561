import { expect, test } from "vitest";
import { disturbedLine } from "./disturbed-line.ts";
import { LineSample, type Line } from "./line.ts";
import { commercialService, householdService, powerLine } from "./power-line.ts";
import { syntheticPulses } from "./pulse-line.ts";
import { readRecording, recordedLoad } from "./recorded-load.ts";
import { recordings } from "./recordings.ts";
import { syntheticHousehold, syntheticMinutes } from "./synthetic-household.ts";

function watts(line: Line, at: number): number {
  const sample = new LineSample();
  line.sample(at, at + 1, sample);
  return [0, 1, 2].reduce((sum, phase) => sum + (sample.volts[phase] ?? 0) * (sample.amperes[phase] ?? 0) * Math.cos(((sample.degrees[phase] ?? 0) * Math.PI) / 180), 0);
}

test("a recording is played step by step, and again after its end", () => {
  const { start, values } = recordings["green-button-quarters"];
  const line = powerLine(recordedLoad(recordings["green-button-quarters"]), householdService);
  const sample = new LineSample();
  expect(line.sample(start + 10, start + 5000, sample)).toBe(start + 900);
  // Wh of a quarter of an hour, times four.
  expect(watts(line, start + 10)).toBeCloseTo((values[0] ?? 0) * 4, 6);
  expect(watts(line, start + 900 * 96 + 10)).toBeCloseTo((values[0] ?? 0) * 4, 6);
  expect(watts(line, start - 10)).toBeCloseTo((values[95] ?? 0) * 4, 6);
});

test("recordings keep what their sources say: 32 days of hours, 96 quarters, a year of hours", () => {
  // Sums of the published files, added up outside of this program.
  const facts = Object.values(recordings).map(({ values, unit }) => [values.length, unit, values.reduce((sum, value) => sum + value, 0)]);
  expect(facts).toEqual([[768, "Wh", 2_364_667], [96, "Wh", 93_846], [8760, "mWh", 10_829_335_373]]);
});

test("what is no recording is refused", () => {
  for (const value of [null, 7, {}, { ...recordings["green-button-quarters"], values: [1.5] }, { ...recordings["green-button-quarters"], stepSeconds: 0 }]) {
    expect(() => readRecording(value)).toThrow(/no recording/);
  }
});

test("three phases share the power, and a service keeps its voltage", () => {
  const line = powerLine({ watts: () => 3000, until: () => 1e9 }, commercialService);
  expect(watts(line, 0)).toBeCloseTo(3000, 6);
  const sample = new LineSample();
  line.sample(0, 1, sample);
  expect([...sample.volts]).toEqual([120, 120, 120]);
});

test("disturbances begin and end at their times; an outage draws nothing, a reversal gives back", () => {
  const line = disturbedLine(powerLine({ watts: () => 1000, until: () => 1e9 }, householdService), [
    { from: 100, to: 200, voltage: 0 },
    { from: 150, to: 300, current: -0.5 },
  ]);
  const sample = new LineSample();
  const spans: [number, number, boolean][] = [];
  for (let at = 0; at < 400;) {
    const end = line.sample(at, 400, sample);
    spans.push([at, Math.round(watts(line, at)), sample.dead]);
    at = end;
  }
  expect(spans).toEqual([[0, 1000, false], [100, 0, true], [150, 0, true], [200, -500, false], [300, 1000, false]]);
});

test("synthetic lines give the same for the same seed, and differ between seeds", () => {
  const minutes = (seed: string): number[] => Array.from({ length: 200 }, (_, minute) => syntheticMinutes(seed).watts(minute * 60));
  expect(minutes("A")).toEqual(minutes("A"));
  expect(minutes("A")).not.toEqual(minutes("B"));
  expect(new Set(minutes("A")).size).toBeGreaterThan(20);
  expect(watts(syntheticHousehold("A"), 1e9)).not.toBe(watts(syntheticHousehold("B"), 1e9));
});

test("[CON-18] pulses add up to the same however time is cut", () => {
  const line = syntheticPulses("W1", 40);
  const sample = new LineSample();
  const sum = (step: number): number => {
    let pulses = 0;
    for (let at = 1_000_000; at < 1_000_000 + 172_800; at += step) {
      line.sample(at, at + step, sample);
      pulses += sample.pulses;
    }
    return pulses;
  };
  expect(sum(60)).toBe(sum(86_400));
  expect(sum(900)).toBe(sum(7200));
  expect(sum(900)).toBeGreaterThan(100);
});
