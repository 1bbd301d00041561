import type { Parameters } from "@metersmith/programs";
import { expect, test } from "vitest";
import { calendarView, programCalendar } from "./program-calendar.ts";

/** On-peak 16:30–21:00 on summer weekdays, off-peak else; Saturdays as weekdays where `saturday` says so; one holiday. */
const parameters = (saturday = 1): Parameters => ({
  format: "metersmith-parameters-1",
  program: { code: "T-1", name: "Test", version: 1 },
  tariff: { name: "Test", utility: "Test", file: "test.json" },
  clock: { mode: "standard", zone: "America/Phoenix", tariffHours: "standard" },
  calendar: {
    tiers: ["off-peak", "on-peak"],
    schedules: [
      { name: "summer weekday", switches: [{ at: "00:00", tier: 0 }, { at: "16:30", tier: 1 }, { at: "21:00", tier: 0 }] },
      { name: "all day", switches: [{ at: "00:00", tier: 0 }] },
    ],
    seasons: [
      { name: "winter", starts: [{ month: 11, day: 1 }], weekday: 1, saturday: 1, sunday: 1, special: [1] },
      { name: "summer", starts: [{ month: 5, day: 1 }], weekday: 0, saturday, sunday: 1, special: [1] },
    ],
    specialDays: ["holiday"],
    holidays: [{ name: "Fourth", rule: { kind: "fixed", month: 7, day: 4 }, observance: "actual", special: 0 }],
    years: { first: 2027, last: 2028 },
  },
  registers: { energy: ["kWh-delivered"], demand: [] },
});

test("[MFG-1] a program's calendar is shown in its own words, with the hours that change in between", () => {
  const view = programCalendar(parameters(), 2027);
  expect(view).toMatchObject({
    clock: "standard time",
    zone: "America/Phoenix",
    endsOn: "2028-12-31",
    tiers: [{ tier: 0, name: "off-peak" }, { tier: 1, name: "on-peak" }],
    seasons: [{ name: "summer", from: "1 May" }, { name: "winter", from: "1 November" }],
    specialDays: [{ date: "2027-07-04", schedule: "holiday" }, { date: "2028-07-04", schedule: "holiday" }],
  });
  const [weekday, weekend] = view.pictures;
  expect([weekday?.dayType, weekend?.dayType]).toEqual(["weekday", "weekend"]);
  expect(weekday?.cells[6]?.[16]).toMatchObject({ mixed: true });
  expect(weekday?.cells[6]?.slice(17, 22)).toEqual([1, 1, 1, 1, 0].map((tier) => ({ tier, mixed: false })));
  expect(weekday?.cells[0]?.every(({ tier }) => tier === 0)).toBe(true);
});

test("Saturday and Sunday are two pictures where they differ", () => {
  expect(programCalendar(parameters(0), 2027).pictures.map(({ dayType }) => dayType)).toEqual(["weekday", "saturday", "sunday"]);
});

test("a year outside those that the program covers is moved to the nearest one", () => {
  expect(programCalendar(parameters(), 2020)).toEqual(programCalendar(parameters(), 2027));
  expect(programCalendar(parameters(), 2040)).toEqual(programCalendar(parameters(), 2028));
});

test("without a program a calendar keeps its numbers: a meter holds no words", () => {
  const view = calendarView(
    {
      seasons: [{ name: "", weekday: 0, saturday: 0, sunday: 0, special: [0] }],
      schedules: [{ name: "", switches: [{ minute: 0, tier: 2, applies: "both" }] }],
      seasonStarts: [{ month: 1, day: 1, season: 0 }],
      dated: [{ date: "2027-07-04", action: "special", special: 0 }],
      endsOn: "2027-12-31",
    },
    undefined,
    2027,
  );
  expect(view).toMatchObject({ clock: "unknown", zone: "unknown", tiers: [{ tier: 2, name: "tier 2" }], seasons: [{ name: "season 0", from: "1 January" }], specialDays: [{ schedule: "special schedule 0" }] });
});
