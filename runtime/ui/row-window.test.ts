import fc from "fast-check";
import { expect, test } from "vitest";
import { rowWindow } from "./row-window.ts";

test("a short list is drawn whole", () => {
  expect(rowWindow(200, 36, 5000, 800)).toEqual({ first: 0, end: 200, before: 0, after: 0 });
});

test("of 100,000 rows only those near the visible part are drawn", () => {
  expect(rowWindow(100_000, 36, 36_000, 720)).toEqual({ first: 980, end: 1040, before: 35_280, after: 3_562_560 });
});

test("what is drawn and what is kept free add up to the whole list, wherever it is scrolled to", () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.integer({ min: -5000, max: 4_000_000 }), fc.nat(3000), (count, hidden, visible) => {
      const { first, end, before, after } = rowWindow(count, 36, hidden, visible);
      expect(before + (end - first) * 36 + after).toBe(count * 36);
      expect(end - first).toBeLessThanOrEqual(Math.max(200, Math.ceil(visible / 36) + 42));
    }),
  );
});
