import fc from "fast-check";
import { expect, test } from "vitest";
import { meets, readFilter } from "./row-filter.ts";

const columns = new Set(["serial", "state", "program"]);
const row = new Map([["serial", "13022906"], ["state", "Failed"], ["program", "ET-2 version 1"]]);
const holds = (filter: string): boolean => meets(row, readFilter(filter, columns));

test("words must all occur, wherever", () => {
  expect(holds("")).toBe(true);
  expect(holds("1302 failed")).toBe(true);
  expect(holds("1302 verified")).toBe(false);
});

test("a column narrows, a minus excludes, quotes keep words together", () => {
  expect(holds("state:failed")).toBe(true);
  expect(holds("serial:failed")).toBe(false);
  expect(holds("-state:failed")).toBe(false);
  expect(holds("-verified")).toBe(true);
  expect(holds('program:"version 1"')).toBe(true);
  expect(holds('"version 13022906"')).toBe(false);
});

test("a name before a colon that is no column is text to look for", () => {
  expect(readFilter("tcp:127.20.0.3", columns)).toEqual([{ column: null, text: "tcp:127.20.0.3", negated: false }]);
});

test("any text can be typed", () => {
  fc.assert(fc.property(fc.string(), (filter) => typeof holds(filter) === "boolean"));
});
