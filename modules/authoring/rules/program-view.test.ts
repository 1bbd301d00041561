import { expect, test } from "vitest";
import { imageRows, parameterGroups, parameterRows, tableReports } from "./program-view.ts";

test("[BLD-1] parameters of any shape become rows that name their place", () => {
  const parameters = { calendar: { seasons: [{ name: "Summer", days: [1, 2] }], holidays: [] }, dst: false, note: null };
  expect(parameterRows(parameters)).toEqual([
    { name: "calendar.seasons[0].name", value: "Summer" },
    { name: "calendar.seasons[0].days", value: "1, 2" },
    { name: "calendar.holidays", value: "none" },
    { name: "dst", value: "no" },
    { name: "note", value: "none" },
  ]);
  expect(parameterRows(7)).toEqual([{ name: "value", value: "7" }]);
});

test("[BLD-2] a build lists what is written before what is checked, with the bits that count", () => {
  const image = { table: 54, name: "CALENDAR_TBL", bytes: "0102ff", mask: "ff0100" };
  expect(imageRows({ digest: "sha256:00", writes: [image], checks: [{ ...image, table: 0, name: "GEN_CONFIG_TBL", mask: "000000" }] })).toEqual([
    { table: 54, name: "CALENDAR_TBL", purpose: "written", octets: 3, bits: 9 },
    { table: 0, name: "GEN_CONFIG_TBL", purpose: "checked", octets: 3, bits: 0 },
  ]);
});

test("[BLD-1] parameters are grouped by part in the order in which people ask, what is unknown last", () => {
  const groups = parameterGroups({ zone: 1, calendar: { tiers: ["off"], years: { first: 2026 } }, format: "x", program: { code: "ET-2" } });
  expect(groups.map(({ name, rows }) => [name, rows.length])).toEqual([["program", 1], ["calendar", 2], ["zone", 1], ["format", 1]]);
});

test("[BLD-2] a build's report goes table by table from the parameter to the field to its octets", () => {
  const calendar = { table: 54, name: "CALENDAR_TBL", bytes: "0102ff", mask: "ffffff" };
  const clock = { table: 53, name: "TIME_OFFSET_TBL", bytes: "7e", mask: "ff" };
  const row = { parameter: "calendar.seasons[0]", table: 54, field: "SEASON", offset: 1, octets: 2, value: "2" };
  expect(tableReports({ digest: "sha256:00", writes: [clock, calendar], checks: [calendar] }, [row])).toEqual([
    { table: 53, name: "TIME_OFFSET_TBL", purpose: "written", octets: 1, bits: 8, fields: [] },
    { table: 54, name: "CALENDAR_TBL", purpose: "written", octets: 3, bits: 24, fields: [{ parameter: "calendar.seasons[0]", field: "SEASON", offset: 1, value: "2", octets: "02 ff" }] },
  ]);
});
