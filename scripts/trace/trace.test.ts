import { expect, test } from "vitest";
import { requirementsPage } from "./page.ts";
import { areas, requirementIds } from "./requirements.ts";
import { provenIn } from "./titles.ts";

const ids = (text: string): readonly string[] => provenIn("a.test.ts", text).map(({ id }) => id);

test("ids are read from titles however the test is called", () => {
  expect(ids('test("[ACC-1] compares", () => {});')).toEqual(["ACC-1"]);
  expect(ids('it.only("[ACC-1] compares", () => {});')).toEqual(["ACC-1"]);
  expect(ids('test.each([1, 2])("[ACC-1] compares %s", () => {});')).toEqual(["ACC-1"]);
  expect(ids('test.runIf(found)("[ACC-1] compares", () => {});')).toEqual(["ACC-1"]);
  expect(ids("test(`[ACC-1] compares ${name}`, () => {});")).toEqual(["ACC-1"]);
  expect(ids('describe("[ACC-1] comparison", () => { test("[ACC-2] refuses", () => {}); });')).toEqual(["ACC-1", "ACC-2"]);
});

test("several ids may stand in front", () => {
  expect(ids('test("[ACC-1][ACC-2] both", () => {});')).toEqual(["ACC-1", "ACC-2"]);
  expect(ids('test("[ACC-1, ACC-2] both", () => {});')).toEqual(["ACC-1", "ACC-2"]);
});

test("brackets elsewhere are no ids", () => {
  expect(ids('test("reads table[3]", () => {}); log("[ACC-1] no test"); // test("[ACC-1]")')).toEqual([]);
});

test("a test's line and its title without the ids are kept", () => {
  expect(provenIn("a.test.ts", '\ntest("[ACC-1] compares bit by bit", () => {});')).toEqual([
    { id: "ACC-1", path: "a.test.ts", line: 2, title: "compares bit by bit" },
  ]);
});

test("the page shows what is proven and what is open", () => {
  const area = { title: "Access", requirements: [{ id: "ACC-1", meaning: "compare" }, { id: "ACC-2", meaning: "refuse" }] };
  const page = requirementsPage([area], provenIn("packages/client/a.test.ts", 'test("[ACC-1] finds a | b", () => {});'));
  expect(page).toContain("1 of 2 have a test");
  expect(page).toContain("| ACC-1 | compare | [client/a.test.ts](../packages/client/a.test.ts): finds a \\| b |");
  expect(page).toContain("| ACC-2 | refuse | *open* |");
});

test("each id is given once", () => {
  expect(requirementIds.size).toBe(areas.flatMap((area) => area.requirements).length);
});
