import { describe, expect, test } from "vitest";
import type { Holiday } from "../parameters/schema.ts";
import { holidayDates } from "./holidays.ts";

const holiday = (rule: Holiday["rule"], observance: Holiday["observance"] = "actual"): Holiday => ({ name: "holiday", rule, observance, special: 0 });

describe("rules, against a wall calendar", () => {
  test.each([
    ["fourth Thursday of November", { kind: "nth-weekday", month: 11, weekday: 4, nth: 4, plusDays: 0 }, ["2026-11-26", "2027-11-25", "2028-11-23"]],
    ["the day after Thanksgiving", { kind: "nth-weekday", month: 11, weekday: 4, nth: 4, plusDays: 1 }, ["2026-11-27", "2027-11-26", "2028-11-24"]],
    ["last Monday of May", { kind: "last-weekday", month: 5, weekday: 1 }, ["2026-05-25", "2027-05-31", "2028-05-29"]],
    ["first Monday of September", { kind: "nth-weekday", month: 9, weekday: 1, nth: 1, plusDays: 0 }, ["2026-09-07", "2027-09-06", "2028-09-04"]],
    ["fifth Friday of January: not every year has one", { kind: "nth-weekday", month: 1, weekday: 5, nth: 5, plusDays: 0 }, ["2026-01-30", "2027-01-29"]],
    ["29 February", { kind: "fixed", month: 2, day: 29 }, ["2028-02-29"]],
    ["dates of their own", { kind: "dates", dates: ["2027-03-26", "2026-04-03"] }, ["2026-04-03", "2027-03-26"]],
  ] as const)("%s", (_, rule, dates) => {
    expect(holidayDates(holiday(structuredClone(rule) as Holiday["rule"]), 2026, 2028)).toEqual(dates);
  });
});

describe("observance on weekends", () => {
  const fourth = { kind: "fixed", month: 7, day: 4 } as const;
  test("4 July 2026 is a Saturday, 2027 a Sunday", () => {
    expect(holidayDates(holiday(fourth), 2026, 2027)).toEqual(["2026-07-04", "2027-07-04"]);
    expect(holidayDates(holiday(fourth, "sunday-to-monday"), 2026, 2027)).toEqual(["2026-07-04", "2027-07-05"]);
    expect(holidayDates(holiday(fourth, "nearest-weekday"), 2026, 2027)).toEqual(["2026-07-03", "2027-07-05"]);
  });

  test("New Year's Day of 2028, a Saturday, is observed on the last day of 2027, also where 2028 is not covered", () => {
    const newYear = holiday({ kind: "fixed", month: 1, day: 1 }, "nearest-weekday");
    expect(holidayDates(newYear, 2027, 2027)).toEqual(["2027-01-01", "2027-12-31"]);
    expect(holidayDates(newYear, 2028, 2028)).toEqual([]);
  });
});
