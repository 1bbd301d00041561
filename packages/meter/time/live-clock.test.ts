import { expect, test } from "vitest";
import { bytesOf, meterOnTheBench, type BenchMeter } from "../testing/bench.ts";
import { exampleCalendar, rawCalendar, rawSizes } from "../testing/raw-calendar.ts";

/** Qualifiers of tables 52 and 55 and of procedure 10 by their bits: 3 DST, 4 GMT, 5 zone applied, 6 DST applied, 7 DST supported. */
const qualifier = { daylight: 0x08 | 0x40, gmt: 0x10, zone: 0x20, supported: 0x80 };
const anyWeekday = 7;

/** Table 53 of rx-2s: begins and ends at 02:00:00, 60 minutes, zone in minutes (i16, least significant first). */
function timeOffset(zoneMinutes: number, daylightMinutes = 60): Uint8Array {
  return Uint8Array.of(2, 0, 0, daylightMinutes, zoneMinutes & 0xff, (zoneMinutes >> 8) & 0xff);
}

/** Procedure 10 of rx-2s, as octets: PROC 10, sequence 1, all three of the mask, YY MM DD hh mm ss, qualifiers. */
function setClock(bench: BenchMeter, [year, ...rest]: readonly [number, number, number, number, number, number], qualifiers: number): Uint8Array {
  const session = bench.session("programmer");
  expect(session.write(7, Uint8Array.of(10, 0, 1, 0x07, year - 2000, ...rest, qualifiers))).toBe("ok");
  return bytesOf(session.read(8));
}

/** Table 55 of rx-2s: YY MM DD hh mm ss, qualifiers, STATUS u16. */
function inForce(bench: BenchMeter): { clock: string; qualifiers: number; tier: number; special: number; season: number } {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, qualifiers = 0, low = 0, high = 0] = bytesOf(bench.session("reader").read(55));
  const two = (value: number): string => String(value).padStart(2, "0");
  return {
    clock: `${2000 + year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`,
    qualifiers, tier: low & 7, special: high & 15, season: high >> 4,
  };
}

/** A meter in prevailing time, UTC−6, with the example calendar, its clock right. */
function programmed(start: number, mode = qualifier.zone | qualifier.supported, zone = -360): BenchMeter {
  const bench = meterOnTheBench({ start });
  const session = bench.session("programmer");
  expect(session.write(53, timeOffset(zone))).toBe("ok");
  expect(session.write(54, exampleCalendar("rx-2s"))).toBe("ok");
  const local = new Date(start + zone * 60_000);
  const answer = setClock(bench, [local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate(), local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()], mode | anyWeekday);
  expect(answer[3]).toBe(0);
  return bench;
}

test("a clock that was never set starts in the year 2000, runs, and says CLOCK_ERROR", () => {
  const bench = meterOnTheBench();
  bench.clock.advance(61_000);
  expect(inForce(bench).clock).toBe("2000-01-01 00:01:01");
  // Table 3: ED_STD_STATUS1 bit 0 UNPROGRAMMED, bit 6 CLOCK_ERROR.
  expect(bytesOf(bench.session("reader").read(3))[1]).toBe(0x41);
});

test("procedure 10 answers with the time before and after, and the time survives a loss of power", () => {
  const bench = meterOnTheBench();
  const answer = setClock(bench, [2026, 7, 15, 12, 0, 0], qualifier.gmt | anyWeekday);
  expect([...answer]).toEqual([10, 0, 1, 0, /* before */ 0, 1, 1, 0, 0, 0, /* after */ 26, 7, 15, 12, 0, 0]);
  bench.clock.advance(3_600_000);
  expect(inForce(bench.restarted())).toMatchObject({ clock: "2026-07-15 13:00:00", qualifiers: qualifier.gmt | 3 });
});

test.each([
  ["a date that does not exist", [2026, 2, 30, 12, 0, 0], qualifier.gmt | anyWeekday],
  ["a weekday that is not the date's", [2026, 7, 15, 12, 0, 0], qualifier.gmt | 4],
  ["no word on the zone", [2026, 7, 15, 12, 0, 0], anyWeekday],
  ["universal and zone time at once", [2026, 7, 15, 12, 0, 0], qualifier.gmt | qualifier.zone | anyWeekday],
  ["daylight saving in a clock that does not support it", [2026, 7, 15, 12, 0, 0], qualifier.zone | qualifier.daylight | anyWeekday],
] as const)("procedure 10 refuses %s as an invalid parameter, and the clock stays as it was", (_, time, qualifiers) => {
  const bench = meterOnTheBench();
  const before = inForce(bench);
  expect(setClock(bench, time, qualifiers)[3]).toBe(2);
  expect(inForce(bench)).toEqual(before);
});

test("the spring hour is skipped and the autumn hour comes twice, at 02:00 by the reading that then holds", () => {
  // 2026-03-08 01:59:59 at UTC−6 is 07:59:59 UTC.
  const spring = programmed(Date.UTC(2026, 2, 8, 7, 59, 59));
  expect(inForce(spring)).toMatchObject({ clock: "2026-03-08 01:59:59", qualifiers: qualifier.zone | qualifier.supported });
  spring.clock.advance(1000);
  expect(inForce(spring)).toMatchObject({ clock: "2026-03-08 03:00:00", qualifiers: qualifier.zone | qualifier.supported | qualifier.daylight });
  // 2026-11-01 01:59:59 daylight time is 06:59:59 UTC.
  spring.clock.advance(Date.UTC(2026, 10, 1, 6, 59, 59) - spring.clock.now());
  expect(inForce(spring).clock).toBe("2026-11-01 01:59:59");
  spring.clock.advance(1000);
  expect(inForce(spring)).toMatchObject({ clock: "2026-11-01 01:00:00", qualifiers: qualifier.zone | qualifier.supported });
  spring.clock.advance(3_600_000);
  expect(inForce(spring).clock).toBe("2026-11-01 02:00:00");
});

test("standard and universal clocks do not move with the calendar's daylight saving", () => {
  const start = Date.UTC(2026, 2, 8, 7, 59, 59);
  const standard = programmed(start, qualifier.zone);
  standard.clock.advance(1000);
  expect(inForce(standard)).toMatchObject({ clock: "2026-03-08 02:00:00", qualifiers: qualifier.zone });
  const universal = meterOnTheBench({ start });
  setClock(universal, [2026, 3, 8, 7, 59, 59], qualifier.gmt | anyWeekday);
  universal.session("programmer").write(53, timeOffset(-360));
  expect(inForce(universal).clock).toBe("2026-03-08 07:59:59");
});

test("tiers switch at their minute on the days that have them: weekday, weekend, holiday, season", () => {
  const bench = programmed(Date.UTC(2026, 0, 1, 6, 0, 0));
  const at = (utc: number): { tier: number; season: number; special: number } => {
    bench.clock.advance(utc - bench.clock.now());
    const { tier, season, special } = inForce(bench);
    return { tier, season, special };
  };
  expect(at(Date.UTC(2026, 0, 1, 22, 0)), "winter has no peak, and its season holds over New Year").toEqual({ tier: 1, season: 0, special: 15 });
  expect(at(Date.UTC(2026, 4, 1, 4, 59, 59)), "30 April, 23:59:59 daylight time").toEqual({ tier: 1, season: 0, special: 15 });
  expect(at(Date.UTC(2026, 4, 1, 5, 0, 0)), "1 May, 00:00 daylight time").toEqual({ tier: 1, season: 1, special: 15 });
  expect(at(Date.UTC(2026, 6, 2, 19, 59, 59)), "Thursday, 14:59:59").toEqual({ tier: 1, season: 1, special: 15 });
  expect(at(Date.UTC(2026, 6, 2, 20, 0, 0)), "Thursday, 15:00").toEqual({ tier: 0, season: 1, special: 15 });
  expect(at(Date.UTC(2026, 6, 3, 1, 29, 59)), "Thursday, 20:29:59").toEqual({ tier: 0, season: 1, special: 15 });
  expect(at(Date.UTC(2026, 6, 3, 1, 30, 0)), "Thursday, 20:30").toEqual({ tier: 1, season: 1, special: 15 });
  expect(at(Date.UTC(2026, 6, 3, 20, 0, 0)), "Friday 3 July, the observed holiday").toEqual({ tier: 2, season: 1, special: 1 });
  expect(at(Date.UTC(2026, 6, 4, 20, 0, 0)), "Saturday").toEqual({ tier: 1, season: 1, special: 15 });
  expect(at(Date.UTC(2026, 11, 25, 18, 0, 0)), "25 December, which recurs").toEqual({ tier: 2, season: 0, special: 0 });
});

test("a model that switches energy and demand apart shows both tiers, most significant octet first", () => {
  const bench = meterOnTheBench({ deviceType: "ix-4s", start: Date.UTC(2026, 6, 15, 12, 0, 0) });
  const session = bench.session("programmer");
  const [summations, demands] = [1, 2];
  expect(session.write(54, rawCalendar({
    littleEndian: false, sizes: rawSizes["ix-4s"], dated: [], recurring: [],
    switches: [{ schedule: 0, hour: 0, minute: 0, tier: 3, flags: summations }, { schedule: 0, hour: 0, minute: 0, tier: 1, flags: demands }, { schedule: 0, hour: 9, minute: 0, tier: 2, flags: demands }],
    seasons: [],
  }))).toBe("ok");
  // Procedure 10 with TM_FORMAT 4: seconds since 1970, most significant octet first.
  const seconds = Date.UTC(2026, 6, 15, 12, 0, 0) / 1000;
  expect(session.write(7, Uint8Array.of(0, 10, 1, 0x07, seconds >>> 24, (seconds >> 16) & 0xff, (seconds >> 8) & 0xff, seconds & 0xff, qualifier.gmt | anyWeekday))).toBe("ok");
  expect(bytesOf(session.read(8))[3]).toBe(0);
  // LTIME u32, qualifiers (Wednesday 3, GMT), STATUS: summation tier 3, demand tier 2, no special, season 0.
  expect([...bytesOf(session.read(55))]).toEqual([seconds >>> 24, (seconds >> 16) & 0xff, (seconds >> 8) & 0xff, seconds & 0xff, 0x13, 0x0f, 3 | (2 << 3)]);
});
