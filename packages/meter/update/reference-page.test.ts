import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { boardFlash } from "../flash/flash-layout.ts";
import { recoveryTable } from "./recovery-table.ts";
import { refusalCodes } from "./update-refusal.ts";
import { updatePhases } from "./update-state.ts";

const page = readFileSync(new URL("../../../docs/reference/meter-memory.md", import.meta.url), "utf8");
const rowsOf = (pattern: RegExp): string[][] => page.split("\n").filter((line) => pattern.test(line)).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));

test("the reference page has the recovery table and the outcomes as they are", () => {
  expect(rowsOf(/^\| `\w+` \| (`|otherwise)/)).toEqual(recoveryTable.map(({ phase, when, then }) => [`\`${phase}\``, when ? `\`${when}\`` : "otherwise", then]));
  expect(rowsOf(/^\| \d+ \| `[a-z-]+`:/).map(([number, text]) => [number, text?.split("`")[1]])).toEqual(refusalCodes.map((code, at) => [String(at), code]));
});

test("every phase has a last row that asks nothing", () => {
  for (const phase of updatePhases) expect(recoveryTable.findLast((row) => row.phase === phase)?.when).toBeUndefined();
});

test("the areas of the board's flash lie behind each other, the protected one first, and fill it", () => {
  const { geometry, state, banks, program, reserve, buffer } = boardFlash;
  let next = geometry.protectedPages;
  for (const { first, pages } of [...state, ...banks, program, reserve, buffer]) {
    expect(first).toBe(next);
    next += pages;
  }
  expect(next).toBe(geometry.pages);
});
