import { expect, test } from "vitest";
import { ProgramsError } from "../errors.ts";
import { meterClock, wallClock } from "./meter-clock.ts";
import { Zone, zoneYears } from "./zone.ts";

test("Los Angeles changes its clock at 02:00 on the second Sunday of March and the first of November", () => {
  // Energy Policy Act of 2005, section 110; dates by a wall calendar.
  const { standardOffsetMinutes, changes } = zoneYears(new Zone("America/Los_Angeles"), 2026, 2028);
  expect(standardOffsetMinutes).toBe(-480);
  expect(changes).toEqual([
    { date: "2026-03-08", action: "daylight-on", minute: 120, amount: 60 },
    { date: "2026-11-01", action: "daylight-off", minute: 120, amount: 60 },
    { date: "2027-03-14", action: "daylight-on", minute: 120, amount: 60 },
    { date: "2027-11-07", action: "daylight-off", minute: 120, amount: 60 },
    { date: "2028-03-12", action: "daylight-on", minute: 120, amount: 60 },
    { date: "2028-11-05", action: "daylight-off", minute: 120, amount: 60 },
  ]);
});

test("Arizona keeps no daylight saving", () => {
  expect(zoneYears(new Zone("America/Phoenix"), 2026, 2040)).toEqual({ standardOffsetMinutes: -420, changes: [] });
});

test("a zone that does not exist is refused with the field", () => {
  expect(() => new Zone("America/Atlantis")).toThrow(ProgramsError);
  expect(() => new Zone("America/Atlantis")).toThrow(/clock\.zone: "America\/Atlantis" is not a time zone/);
});

test("the wall clock of an instant follows the mode of the meter's clock", () => {
  const years = { first: 2026, last: 2027 };
  const summer = Date.UTC(2026, 6, 4, 20, 0, 5);
  const clock = (mode: "prevailing" | "standard" | "utc") => meterClock({ mode, zone: "America/Los_Angeles", tariffHours: "prevailing" }, years);
  expect(wallClock(clock("prevailing"), summer)).toBe("2026-07-04T13:00:05");
  expect(wallClock(clock("standard"), summer)).toBe("2026-07-04T12:00:05");
  expect(wallClock(clock("utc"), summer)).toBe("2026-07-04T20:00:05");
  expect(clock("prevailing")).toEqual({ mode: "prevailing", zone: "America/Los_Angeles", offsetMinutes: -480, daylight: { minute: 120, amount: 60 } });
  expect(clock("standard").daylight).toBeNull();
  expect(clock("utc").offsetMinutes).toBe(0);
});
