import { expect, test } from "vitest";
import { calendarEnd } from "./calendar-end.ts";

test.each([
  ["2025-06-29", "far"],
  ["2025-06-30", "near"],
  ["2026-12-31", "near"],
  ["2027-01-01", "over"],
])("a calendar until the end of 2026 is, on %s, %s", (today, state) => {
  expect(calendarEnd({ endsOn: "2026-12-31" }, today)).toMatchObject({ endsOn: "2026-12-31", warnedFrom: "2025-06-30", state });
});

test("the advice says what to do; a calendar without dated entries never ends", () => {
  expect(calendarEnd({ endsOn: "2026-12-31" }, "2026-01-01")?.advice).toContain("bring a version with later years");
  expect(calendarEnd({ endsOn: "2026-12-31" }, "2020-01-01")?.advice).toBe("");
  expect(calendarEnd({ endsOn: null }, "2026-01-01")).toBeNull();
});
