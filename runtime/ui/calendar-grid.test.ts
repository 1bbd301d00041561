import { expect, test } from "vitest";
import { hourRuns, monthGroups, monthText, tierShades, type CalendarCell, type CalendarGrid } from "./calendar-grid.ts";

const tiers = [{ tier: 0, name: "Off-peak" }, { tier: 1, name: "On-peak" }];
const row = (onPeakFrom: number, onPeakTo: number, mixedAt?: number): CalendarCell[] =>
  Array.from({ length: 24 }, (_, hour) => ({ tier: hour >= onPeakFrom && hour < onPeakTo ? 1 : 0, mixed: hour === mixedAt }));

test("a month's hours become runs that cover the day without gap or overlap", () => {
  const runs = hourRuns(row(15, 20, 19));
  expect(runs).toEqual([
    { tier: 0, mixed: false, from: 0, to: 15 },
    { tier: 1, mixed: false, from: 15, to: 19 },
    { tier: 1, mixed: true, from: 19, to: 20 },
    { tier: 0, mixed: false, from: 20, to: 24 },
  ]);
});

test("neighbouring months that look the same are one group, so that each block is numbered once", () => {
  const cells = Array.from({ length: 12 }, (_, month) => row(15, month >= 5 && month < 9 ? 21 : 20));
  expect(monthGroups(cells).map(({ from, to, runs }) => [from, to, runs.length])).toEqual([[0, 5, 3], [5, 9, 3], [9, 12, 3]]);
});

test("a month reads as a sentence for those who do not see the picture", () => {
  expect(monthText(row(15, 20), tiers)).toBe("Off-peak 00:00–15:00, On-peak 15:00–20:00, Off-peak 20:00–24:00");
  expect(monthText(row(0, 0), tiers)).toBe("Off-peak all day");
  expect(monthText(row(0, 24), [])).toBe("tier 1 all day");
  expect(monthText(row(0, 0, 5), tiers)).toContain("Off-peak (changes within the hour) 05:00–06:00");
});

test("shades are spread over the whole ladder and follow the order of the tiers", () => {
  const grid: CalendarGrid = { dayType: "weekday", cells: Array.from({ length: 12 }, () => row(15, 20)) };
  expect([...tierShades([grid], tiers)]).toEqual([[0, 0], [1, 7]]);
  expect([...tierShades([], [3, 1, 2].map((tier) => ({ tier, name: `T${tier}` })))]).toEqual([[1, 0], [2, 4], [3, 7]]);
});

test("a tier that has no name is shaded and told by its number", () => {
  const grid: CalendarGrid = { dayType: "weekday", cells: Array.from({ length: 12 }, () => row(15, 20)) };
  expect(tierShades([grid], [{ tier: 0, name: "Off-peak" }]).get(1)).toBe(7);
});
