import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exampleJson, exampleParameters, exampleRates } from "../testing/example-files.ts";
import { independentDays, wallCalendar, wallEdges } from "../testing/independent-reading.ts";
import type { Calendar } from "./calendar.ts";
import { dayNumber } from "./civil-date.ts";
import { dayTiers } from "./day-tiers.ts";
import { expandCalendar } from "./expand.ts";
import { calendarPicture } from "./picture.ts";
import { tierAt, tierOn } from "./tier-at.ts";

describe.each(exampleRates)("%s", (rate) => {
  const calendar = expandCalendar(exampleParameters(rate));
  const record = exampleJson(rate);

  test.each([2026, 2027, 2028] as const)("at the end of every hour of %d, holidays included, the tier is that of an independent reading", (year) => {
    const tiersOf = independentDays(record, new Set<string>(wallCalendar[rate][year]), wallEdges[rate]);
    for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += 86_400_000) {
      const date = new Date(day).toISOString().slice(0, 10);
      for (let hour = 0; hour < 24; hour++) {
        const at = `${date}T${String(hour).padStart(2, "0")}:59`;
        if (tierAt(calendar, at).tier !== tiersOf(date)[hour * 60 + 59]) expect.fail(`${at}: ${tierAt(calendar, at).tier}`);
      }
    }
  });
});

describe("picture", () => {
  test("ET-2: on-peak from noon to 7 PM on weekdays of every month, never on weekends", () => {
    const picture = calendarPicture(expandCalendar(exampleParameters("aps-et-2-tou")), 2026);
    for (const month of picture.weekday) expect(month.map(({ tier }) => tier).join("")).toBe("000000000000111111100000");
    for (const month of [...picture.saturday, ...picture.sunday, ...picture.special[0]!]) expect(month.every(({ tier, mixed }) => tier === 0 && !mixed)).toBe(true);
    expect(picture.tiers).toEqual([0, 1]);
  });

  test("an hour with two tiers is mixed, and shows the longer one", () => {
    const parameters = exampleParameters("aps-et-2-tou", (answers) => (answers["subHourEdges"] = [{ at: "12:00", is: "12:20" }]));
    const noon = calendarPicture(expandCalendar(parameters), 2026).weekday[0]![12]!;
    expect(noon).toEqual({ tier: 1, mixed: true });
  });

  test("a season that begins within a month leaves it mixed", () => {
    const parameters = exampleParameters("sce-gs-2-tou-b-single-phase", (answers) => (answers["seasonStarts"] = [{ month: 10, day: 15 }]));
    const october = calendarPicture(expandCalendar(parameters), 2026).weekday[9]!;
    expect(october[13]).toMatchObject({ mixed: true });
    expect(october[3]).toEqual({ tier: 0, mixed: false });
  });
});

describe("tiers at edges", () => {
  const calendar: Calendar = {
    seasons: [{ name: "a", weekday: 0, saturday: 1, sunday: 1, special: [2] }],
    schedules: [
      { name: "weekday", switches: [{ minute: 420, tier: 1, applies: "both" }, { minute: 1200, tier: 2, applies: "energy" }, { minute: 1260, tier: 3, applies: "demand" }] },
      { name: "weekend", switches: [] },
      { name: "special", switches: [{ minute: 0, tier: 5, applies: "both" }] },
    ],
    seasonStarts: [{ month: 6, day: 1, season: 0 }],
    dated: [{ date: "2026-11-26", action: "special", special: 0 }],
    endsOn: "2026-12-31",
  };

  test("before the day's first switch the tier of the day before holds, also across a weekend without switches", () => {
    expect(tierAt(calendar, "2026-11-24T06:59").tier).toBe(2);
    expect(tierAt(calendar, "2026-11-24T06:59").demandTier).toBe(3);
    expect(tierAt(calendar, "2026-11-24T07:00").tier).toBe(1);
    expect(tierAt(calendar, "2026-11-22T12:00").tier).toBe(2);
  });

  test("a special day runs its schedule, and its last tier lasts into the next morning", () => {
    expect(tierAt(calendar, "2026-11-26T00:00")).toMatchObject({ tier: 5, special: 0 });
    expect(tierAt(calendar, "2026-11-27T06:00")).toMatchObject({ tier: 5, special: null });
  });

  test("a text that is no local time is refused", () => {
    for (const text of ["2026-02-30T00:00", "2026-11-24", "2026-11-24T24:00", ""]) expect(() => tierAt(calendar, text)).toThrow(/is not a local time/);
  });
});

test("the days minute by minute are what tierOn says of any minute", () => {
  for (const rate of exampleRates) {
    const calendar = expandCalendar(exampleParameters(rate));
    const on = dayTiers(calendar);
    fc.assert(fc.property(fc.integer({ min: dayNumber(2026, 1, 1), max: dayNumber(2028, 12, 31) }), fc.integer({ min: 0, max: 1439 }), (day, minute) => {
      const { energy, demand, ...today } = on(day);
      expect({ ...today, tier: energy[minute], demandTier: demand[minute] }).toEqual(tierOn(calendar, day, minute));
    }), { numRuns: 100 });
  }
});
