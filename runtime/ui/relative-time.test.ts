import { expect, test } from "vitest";
import { absoluteTime, relativeTime } from "./relative-time.ts";

const now = Date.UTC(2026, 10, 21, 7, 5, 9);
const minute = 60_000;

test("an instant is told in the largest unit that fits, towards the past and the future", () => {
  expect(relativeTime(now, now)).toBe("now");
  expect(relativeTime(now - 40_000, now)).toBe("40 seconds ago");
  expect(relativeTime(now - 119 * 1000, now)).toBe("1 minute ago");
  expect(relativeTime(now + 180 * minute, now)).toBe("in 3 hours");
  expect(relativeTime(now - 30 * 60 * minute, now)).toBe("yesterday");
  expect(relativeTime(now - 400 * 24 * 60 * minute, now)).toBe("last year");
});

test("an instant just before a unit's end never rounds up to it", () => {
  expect(relativeTime(now - 59_999, now)).toBe("59 seconds ago");
  expect(relativeTime(now - (60 * minute - 1), now)).toBe("59 minutes ago");
});

test("an absolute time is given in UTC and in local time", () => {
  expect(absoluteTime(now, "America/Phoenix")).toMatch(/^2026-11-21 07:05:09 UTC · 2026-11-21 00:05:09 (GMT[-−]7|MST)$/);
});
