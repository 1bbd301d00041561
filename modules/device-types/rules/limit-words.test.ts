import { expect, test } from "vitest";
import { limitWords } from "./limit-words.ts";

test("a limit is named in words", () => {
  expect(["specialSchedules", "tiers", "datedEntries"].map(limitWords)).toEqual(["Special schedules", "Tiers", "Dated entries"]);
});
