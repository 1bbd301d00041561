import { expect, test } from "vitest";
import { imageRows, parameterRows } from "./program-view.ts";

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
