import { expect, test } from "vitest";
import { clockFace } from "./planned-clock.ts";
import type { PlannedClock } from "./program-plan.ts";

const losAngeles: PlannedClock = { mode: "prevailing", zone: "America/Los_Angeles", offsetMinutes: -480, dst: true };
const phoenix: PlannedClock = { mode: "prevailing", zone: "America/Phoenix", offsetMinutes: -420, dst: false };

// Instants and readings as published for the changes of 2026 in the United States: 8 March and 1 November, 02:00.
test.each<[string, PlannedClock, string, string, boolean]>([
  ["a second before the spring change", losAngeles, "2026-03-08T09:59:59Z", "2026-03-08T01:59:59", false],
  ["the spring change", losAngeles, "2026-03-08T10:00:00Z", "2026-03-08T03:00:00", true],
  ["a second before the autumn change", losAngeles, "2026-11-01T08:59:59Z", "2026-11-01T01:59:59", true],
  ["the autumn change", losAngeles, "2026-11-01T09:00:00Z", "2026-11-01T01:00:00", false],
  ["Arizona in summer", phoenix, "2026-07-15T19:00:00.999Z", "2026-07-15T12:00:00", false],
  ["standard time in summer", { ...losAngeles, mode: "standard" }, "2026-07-15T19:00:00Z", "2026-07-15T11:00:00", false],
  ["universal time", { ...losAngeles, mode: "utc" }, "2026-07-15T19:00:00Z", "2026-07-15T19:00:00", false],
])("%s", (_, clock, at, reading, daylight) => {
  const face = clockFace(clock, Date.parse(at));
  expect(face.reading).toBe(reading);
  expect(face.qualifiers).toMatchObject({ DST_FLAG: daylight, DST_APPLIED_FLAG: daylight, GMT_FLAG: clock.mode === "utc", TM_ZN_APPLIED_FLAG: clock.mode !== "utc", DST_SUPPORTED_FLAG: clock.mode === "prevailing" });
});

test("a zone that nobody knows is refused by name", () => {
  expect(() => clockFace({ ...phoenix, zone: "America/Nowhere" }, 0)).toThrow(/America\/Nowhere/);
});
