import { expect, test } from "vitest";
import { bytesOf, meterOnTheBench, type BenchMeter } from "../testing/bench.ts";
import { rawCalendar, rawSizes, seasonControl, specialControl, type RawCalendar } from "../testing/raw-calendar.ts";
import { rawProgram, writeRawProgram } from "../testing/raw-program.ts";

/** ED_STD_STATUS1 of table 3: bit 0 UNPROGRAMMED, bit 1 CONFIGURATION_ERROR. */
function statusBits(bench: BenchMeter): { unprogrammed: boolean; error: boolean } {
  const bits = bytesOf(bench.session("reader").read(3))[1] ?? 0;
  return { unprogrammed: (bits & 1) !== 0, error: (bits & 2) !== 0 };
}

test("between the tables of a program the meter says CONFIGURATION_ERROR, and with the last one it is programmed", () => {
  const bench = meterOnTheBench();
  expect(statusBits(bench)).toEqual({ unprogrammed: true, error: false });
  const session = bench.session("programmer");
  const states = rawProgram.map(({ table, offset, bytes }) => {
    session.writeOffset(table, offset, bytes);
    return { table, ...statusBits(bench) };
  });
  expect(states).toEqual([
    { table: 12, unprogrammed: true, error: false },
    { table: 13, unprogrammed: true, error: false },
    { table: 16, unprogrammed: true, error: false },
    { table: 22, unprogrammed: true, error: true },
    { table: 53, unprogrammed: true, error: true },
    { table: 54, unprogrammed: true, error: true },
    { table: 6, unprogrammed: false, error: false },
  ]);
  expect(statusBits(bench.restarted())).toEqual({ unprogrammed: false, error: false });
});

const plain: RawCalendar = {
  littleEndian: true, sizes: rawSizes["rx-2s"], dated: [], recurring: [],
  switches: [{ schedule: 0, hour: 0, minute: 0, tier: 0 }], seasons: [],
};

test.each<[string, RawCalendar, RegExp]>([
  ["a day without a switch at 00:00", { ...plain, switches: [{ schedule: 0, hour: 1, minute: 0, tier: 0 }] }, /schedule 0 .* 00:00/],
  ["a tier that the registers have not", { ...plain, switches: [...plain.switches, { schedule: 0, hour: 5, minute: 0, tier: 4 }] }, /tier 4; this meter has 4/],
  ["a season that the matrix has not", { ...plain, recurring: [{ month: 1, day: 1, control: seasonControl(4) }] }, /season 4; this meter has 4/],
  ["a special schedule that the model has not", { ...plain, dated: [{ date: [2026, 7, 4], control: specialControl(2) }] }, /special schedule 2; this meter has 2/],
  ["a special schedule whose day has no switches", { ...plain, dated: [{ date: [2026, 7, 4], control: specialControl(0) }], seasons: [[0, 0, 0, 9, 0]] }, /schedule 9/],
  ["two special schedules on one day", { ...plain, dated: [{ date: [2026, 7, 4], control: specialControl(0) }, { date: [2026, 7, 4], control: specialControl(1) }] }, /second special schedule for 2026-07-04/],
  ["a date that does not exist", { ...plain, dated: [{ date: [2026, 2, 30], control: specialControl(0) }] }, /NON_RECURR_DATES\[0\]/],
  ["a recurring date in a form that is unverified", { ...plain, recurring: [{ month: 14, day: 0, control: seasonControl(0) }] }, /RECURR_DATES\[0\]/],
  ["a switch at 24:00", { ...plain, switches: [...plain.switches, { schedule: 0, hour: 24, minute: 0, tier: 1 }] }, /24:0/],
])("CONFIGURATION_ERROR: %s", (_, calendar, reason) => {
  const bench = meterOnTheBench();
  writeRawProgram(bench);
  expect(bench.session("programmer").write(54, rawCalendar(calendar))).toBe("ok");
  expect(statusBits(bench)).toEqual({ unprogrammed: false, error: true });
  expect(bench.meter.inspect().problems.join("\n")).toMatch(reason);
});

test.each([
  ["a register from a source without a unit", 22, 0, [3], /source 3, which has no unit/],
  ["a demand from a source without an interval", 22, 2, [0], /source 0, which has no demand interval/],
  ["an interval that does not divide the hour", 13, 0, [7, 0], /7 minutes does not divide the hour/],
  ["daylight saving of no minutes", 53, 3, [0], /0 minutes/],
])("CONFIGURATION_ERROR: %s", (_, table, offset, octets, reason) => {
  const bench = meterOnTheBench();
  writeRawProgram(bench);
  bench.session("programmer").writeOffset(table, offset, Uint8Array.from(octets));
  expect(statusBits(bench).error).toBe(true);
  expect(bench.meter.inspect().problems.join("\n")).toMatch(reason);
});
