import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calendarPicture } from "../calendar/picture.ts";
import { ProgramsError } from "../errors.ts";
import { buildProgram } from "../build/build.ts";
import { exampleParameters } from "../testing/example-files.ts";
import { deviceType } from "../testing/plug-ins.ts";
import { parametersFromImages } from "./from-tables.ts";

const device = deviceType("ix-4s");
const build = buildProgram(device, exampleParameters("sce-gs-2-tou-b-single-phase"));
const calendarBytes = build.writes.find(({ table }) => table === 54)!.bytes;

function readingOf(bytes: Uint8Array): ProgramsError | undefined {
  try {
    const { calendar } = parametersFromImages(device, new Map([[54, bytes]]));
    calendarPicture(calendar!, 2028);
    return undefined;
  } catch (error) {
    if (error instanceof ProgramsError) return error;
    throw error;
  }
}

/** The calendar's octets with some of them replaced. */
function changed(offset: number, ...octets: number[]): Uint8Array {
  const bytes = calendarBytes.slice();
  bytes.set(octets, offset);
  return bytes;
}

describe("what a meter gives back is data of a stranger", () => {
  test("any octets in place of table 54 are a calendar that can be drawn, or are refused with table and field", () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: calendarBytes.length, maxLength: calendarBytes.length }), (bytes) => {
      const error = readingOf(bytes);
      if (error) expect(error).toMatchObject({ code: "tables-unreadable", context: { table: 54 } });
    }), { numRuns: 300 });
  });

  test("any few octets of a good calendar changed likewise", () => {
    fc.assert(fc.property(fc.nat(calendarBytes.length - 1), fc.uint8Array({ minLength: 1, maxLength: 4 }), (offset, octets) => {
      const error = readingOf(changed(offset, ...octets.subarray(0, calendarBytes.length - offset)));
      if (error) expect(error.code).toBe("tables-unreadable");
    }), { numRuns: 300 });
  });

  test("a date that is none, a minute 63, a season that the table has no row for", () => {
    expect(readingOf(changed(0, 0x01, 0xff))?.message).toMatch(/table 54, NON_RECURR_DATES\[0\]\.NON_RECURR_DATE: expected a date/);
    expect(readingOf(changed(276, 0x07, 0xe0))?.message).toMatch(/TIER_SWITCHES\[0\]\.TIER_SWITCH: expected a time of day/);
    expect(readingOf(changed(2, 3 + 9))?.message).toMatch(/the number of a season below 4/);
  });

  test("a table of another length names both lengths", () => {
    expect(readingOf(calendarBytes.subarray(1))?.message).toMatch(/475 octets.*476/);
  });

  test("the factory's empty calendar is one season without any tier switch, and never ends", () => {
    const { calendar } = parametersFromImages(device, new Map([[54, device.factoryImages.get(54)!]]));
    expect(calendar).toMatchObject({ dated: [], seasonStarts: [], endsOn: null });
    expect(calendarPicture(calendar!, 2026).tiers).toEqual([0]);
  });
});
