import { fromHex, toHex } from "@metersmith/base/bytes";
import { describe, expect, test } from "vitest";
import { calendarPicture } from "../calendar/picture.ts";
import { expandCalendar } from "../calendar/expand.ts";
import { meterClock } from "../calendar/meter-clock.ts";
import { ProgramsError } from "../errors.ts";
import type { Parameters } from "../parameters/schema.ts";
import { programPlan } from "../plan.ts";
import { parametersFromImages } from "../reverse/from-tables.ts";
import { exampleParameters, type ExampleRate } from "../testing/example-files.ts";
import { deviceType } from "../testing/plug-ins.ts";
import { buildProgram, type Build } from "./build.ts";

const cases = [
  { rate: "aps-et-2-tou", type: "rx-2s" },
  { rate: "sce-gs-2-tou-b-single-phase", type: "ix-4s" },
  { rate: "entergy-ar-lps-tou", type: "ix-4s" },
] as const;

const images = (build: Build): Map<number, Uint8Array> => new Map(build.writes.map(({ table, bytes }) => [table, bytes]));

const table = (build: Build, number: number): string => toHex(build.writes.find((one) => one.table === number)!.bytes);

function refusalOf(run: () => unknown): ProgramsError {
  try {
    run();
  } catch (error) {
    if (error instanceof ProgramsError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe.each(cases)("[BLD-2] $rate in a $type", ({ rate, type }) => {
  const device = deviceType(type);
  const parameters = exampleParameters(rate);
  const build = buildProgram(device, parameters);
  const read = parametersFromImages(device, images(build));

  test("reading the tables back gives the parameters' calendar, clock, registers and program", () => {
    const { seasons, ...wanted } = expandCalendar(parameters);
    const { seasons: seasonsRead, ...found } = read.calendar!;
    const unnamed = <Item extends { name: string }>(items: readonly Item[]): Omit<Item, "name">[] => items.map(({ name: _, ...rest }) => rest);
    expect({ ...found, schedules: unnamed(found.schedules) }).toEqual({ ...wanted, schedules: unnamed(wanted.schedules) });
    expect(unnamed(seasonsRead)).toEqual(unnamed(seasons));
    const { offsetMinutes, daylight } = meterClock(parameters.clock, parameters.calendar.years);
    expect(read.clock).toEqual({ offsetMinutes, daylight });
    expect(read.registers!.energy.filter((quantity) => quantity !== null)).toEqual(parameters.registers.energy);
    expect(read.registers!.demand.filter((quantity) => quantity !== null)).toEqual(parameters.registers.demand);
    expect(read.program).toEqual({ code: parameters.program.code, version: 3, buildMark: build.digest.slice(7, 37) });
    expect(read.demand).toEqual({ intervalMinutes: 15 });
  });

  test("the picture of what was read is the picture of what was meant", () => {
    expect(calendarPicture(read.calendar!, 2027)).toEqual(calendarPicture(expandCalendar(parameters), 2027));
  });

  test("the same parameters and type give the same bytes and digest; another holiday gives another digest", () => {
    const again = buildProgram(deviceType(type), structuredClone(parameters));
    expect(again).toEqual(build);
    const other = exampleParameters(rate, (answers) => void (answers["holidays"] as { days: unknown[] }).days.pop());
    expect(buildProgram(device, other).digest).not.toBe(build.digest);
  });

  test("no octet is without a reason: every one that is written or checked is in the report, with the parameter or the decision behind it", () => {
    for (const { role, images: tables } of [{ role: "written", images: build.writes }, { role: "checked", images: build.checks }] as const) {
      for (const { table: number, mask, bytes } of tables) {
        const rows = build.report.filter((row) => row.role === role && row.table === number);
        const accounted = new Set(rows.flatMap(({ offset, octets }) => Array.from({ length: octets }, (_, index) => offset + index)));
        mask.forEach((bits, offset) => expect(accounted.has(offset), `table ${number}, octet ${offset}`).toBe(bits !== 0));
        for (const row of rows) {
          expect(row.parameter).not.toBe("");
          expect(row.bytes).toBe(toHex(bytes.subarray(row.offset, row.offset + row.octets)));
        }
      }
    }
  });

  test("writes come in the mapping's order, identity last; limits and identity are checked; billing data are never written", () => {
    expect(build.writes.map((one) => one.table)).toEqual([12, 13, 16, 22, 53, 54, 6]);
    expect(build.checks.map((one) => one.table)).toEqual([0, 1, 11, 21, 51, 61, 62, 75]);
    expect(build.neverWritten.map((one) => one.table)).toEqual(expect.arrayContaining([23, 52, 55]));
  });
});

describe("octets, worked by hand from the layouts in the facts", () => {
  test("ET-2 in an rx-2s, least significant octet first", () => {
    const build = buildProgram(deviceType("rx-2s"), exampleParameters("aps-et-2-tou"));
    // DST_TIME_EFF 00:00:00, DST_TIME_AMT 0, TIME_ZONE_OFFSET -420 = 0xfe5c.
    expect(table(build, 53)).toBe("000000005cfe");
    expect(table(build, 13)).toBe("0f00");
    // kWh delivered: ID 0, TIME_BASE 0, MULTIPLIER 2 (bits 11-13) = 0x1000, Q1 and Q4 (bits 14, 17) = 0x24000: 0x25000.
    expect(table(build, 12).slice(0, 8)).toBe("00500200");
    const calendar = fromHex(table(build, 54));
    // DATE 2026-01-01: year 26, month 1 << 7, day 1 << 11 = 26 + 128 + 2048 = 0x089a; special schedule 0 = 19.
    expect(toHex(calendar.subarray(0, 3))).toBe("9a0813");
    // 60 dates and then the recurring ones: 1 May (month 5, day 1 << 11 = 0x0805) selects season 1 = 4; 1 November season 0 = 3.
    expect(toHex(calendar.subarray(180, 186))).toBe("050804" + "0b0803");
    expect(toHex(calendar.subarray(186, 189))).toBe("00001f");
    // Tier switches: 00:00 tier 0; 12:00 tier 1 = 12 << 11 | 1 = 0x6001; 19:00 tier 0 = 0x9800; weekend 00:00 tier 0; then unused.
    expect(toHex(calendar.subarray(216, 231))).toBe("000000" + "016000" + "009800" + "000001" + "0000ff");
    // Each season: Saturday 1, Sunday 1, weekday 0, special 1 and 1.
    expect(toHex(calendar.subarray(336))).toBe("0101000101".repeat(4));
    const identity = build.writes.at(-1)!;
    expect(new TextDecoder().decode(identity.bytes.subarray(170, 178))).toBe("ET-2    ");
    expect(identity.mask.subarray(0, 170).every((bits) => bits === 0)).toBe(true);
  });

  test("GS-2 in an ix-4s, most significant octet first, energy and demand tiers switched together", () => {
    const build = buildProgram(deviceType("ix-4s"), exampleParameters("sce-gs-2-tou-b-single-phase"));
    // DST_TIME_EFF 02:00 = 7200 s, DST_TIME_AMT 60, TIME_ZONE_OFFSET -480 = 0xfe20.
    expect(table(build, 53)).toBe("00001c20" + "3c" + "fe20");
    expect(table(build, 13)).toBe("000f000f");
    const calendar = fromHex(table(build, 54));
    // 2026-01-01 as above, most significant octet first; then 16 February (month 2): 26 + 256 + 16 << 11 = 0x811a.
    expect(toHex(calendar.subarray(0, 6))).toBe("089a13" + "811a13");
    // 8 March 2026, daylight saving on: 26 + 3 << 7 + 8 << 11 = 0x419a.
    expect(toHex(calendar.subarray(6, 9))).toBe("419a01");
    // Winter weekday, 08:00 tier 1, both flags (bits 3 and 4): 8 << 11 | 0x19 = 0x4019.
    const switches = 80 * 3 + 12 * 3;
    expect(toHex(calendar.subarray(switches, switches + 6))).toBe("001800" + "401900");
  });
});

describe("[BLD-2] what a type cannot hold is refused with file, field and limit", () => {
  const residential = deviceType("rx-2s");
  const change = (rate: ExampleRate, edit: (parameters: Parameters) => void): Parameters => {
    const parameters = structuredClone(exampleParameters(rate));
    edit(parameters);
    return parameters;
  };
  const many = (count: number, edit: (calendar: Parameters["calendar"], index: number) => void) =>
    change("aps-et-2-tou", ({ calendar }) => Array.from({ length: count }, (_, index) => edit(calendar, index)));

  test.each<[string, Parameters, string, RegExp]>([
    ["seasons", many(3, ({ seasons }, index) => seasons.push({ ...seasons[0]!, name: `s${index}`, starts: [{ month: 2, day: index + 1 }] })), "calendar.seasons", /5 seasons; rx-2s holds 4 \(NBR_SEASONS, table 51\)/],
    ["tiers", many(3, ({ tiers }, index) => tiers.push(`t${index}`)), "calendar.tiers", /5 tiers; rx-2s holds 4 \(NBR_TIERS, table 21\)/],
    ["changes of tier", many(20, ({ schedules }, index) => schedules.push({ name: `s${index}`, switches: [{ at: "00:00", tier: 0 }, { at: "10:00", tier: 1 }] })), "calendar.schedules", /44 changes of tier in all schedules; rx-2s holds 40 \(NBR_TIER_SWITCHES, table 51\)/],
    ["special schedules", change("aps-et-2-tou", ({ calendar }) => {
      calendar.specialDays.push("a", "b");
      for (const season of calendar.seasons) season.special.push(0, 0);
    }), "calendar.specialDays", /3 special schedules; rx-2s holds 2/],
    ["dated entries", change("aps-et-2-tou", ({ calendar }) => void (calendar.years.last = 2040)), "calendar.years", /dated entries .* rx-2s holds 60 .*cover fewer years/],
    ["registers", change("aps-et-2-tou", ({ registers }) => void registers.energy.push("kWh-net")), "registers.energy", /3 energy registers; rx-2s holds 2 \(NBR_SUMMATIONS, table 21\)/],
    ["quantities", change("aps-et-2-tou", ({ registers }) => (registers.energy = ["kvarh-lagging"])), "registers.energy[0]", /rx-2s does not measure kvarh-lagging/],
    ["a demand interval", change("aps-et-2-tou", (parameters) => (parameters.demand = { intervalMinutes: 20 })), "demand.intervalMinutes", /20 minutes; rx-2s averages over 5, 15, 30, 60/],
    ["a minute", change("aps-et-2-tou", ({ calendar }) => (calendar.schedules[0]!.switches[1]!.at = "12:01")), "calendar.schedules[0].switches", /at multiples of 5 minutes/],
  ])("too many or unknown %s", (_, parameters, field, message) => {
    const error = refusalOf(() => buildProgram(residential, parameters));
    expect(error.code).toBe("exceeds-limit");
    expect(error.context["file"]).toBe("aps-et-2-tou.json");
    expect(error.findings.map((finding) => finding.field)).toContain(field);
    expect(error.message).toMatch(message);
  });

  test("GS-2 with the example's eight years of holidays and daylight saving does not fit a residential type", () => {
    const error = refusalOf(() => buildProgram(residential, exampleParameters("sce-gs-2-tou-b-single-phase")));
    expect(error.message).toMatch(/^sce-gs-2-tou-b-single-phase\.json: calendar\.years: 72 dated entries/);
  });
});

describe("[ACC-2] a plan says which bits a role may change and what the meter must show afterwards", () => {
  const device = deviceType("ix-4s");
  const build = buildProgram(device, exampleParameters("sce-gs-2-tou-b-single-phase"));
  const plan = programPlan(build, device, "head-end");

  test("the head-end may change all that the build writes, and nothing else", () => {
    const allowed = new Map(plan.allowed.map(({ table: number, mask }) => [number, mask]));
    for (const { table: number, mask } of plan.writes) mask.forEach((bits, octet) => expect(bits & ~(allowed.get(number)?.[octet] ?? 0)).toBe(0));
    expect([...allowed.keys()].sort((a, b) => a - b)).toEqual([6, 12, 13, 16, 22, 53, 54, 2056]);
    expect(allowed.get(6)!.subarray(40, 170).every((bits) => bits === 0)).toBe(true);
    expect(plan.clock).toEqual({ mode: "prevailing", zone: "America/Los_Angeles", offsetMinutes: -480, dst: true });
  });

  test("a field technician may not change registers", () => {
    expect(programPlan(build, device, "field-technician").allowed.map(({ table: number }) => number)).not.toContain(22);
  });

  test("a role that is none is refused with the roles that there are", () => {
    const error = refusalOf(() => programPlan(build, device, "__proto__"));
    expect(error.code).toBe("unknown-role");
    expect(error.message).toContain("head-end, meter-shop, field-technician, reader");
  });

  test("the expected tier is of the calendar read back, at the instant's wall clock", () => {
    const readBack = new Map(build.writes.map(({ table: number, bytes }) => [number, device.context.decode(number, bytes)]));
    // 2026-07-06 is a Monday; 20:00 UTC is 13:00 in Los Angeles: on-peak in summer.
    expect(plan.expect(readBack, Date.UTC(2026, 6, 6, 20))).toEqual({ tier: 2, demandTier: 2, season: 1, specialSchedule: null });
    // Thanksgiving 2026, 13:00 standard time.
    expect(plan.expect(readBack, Date.UTC(2026, 10, 26, 21))).toEqual({ tier: 0, demandTier: 0, season: 0, specialSchedule: 0 });
  });

  test("a build for another type, or another version of it, is refused", () => {
    expect(refusalOf(() => programPlan(build, deviceType("rx-2s"), "head-end")).message).toContain("build it again");
  });
});
