import { expect, test } from "vitest";
import { findChromium } from "./chromium.ts";
import { readArguments } from "./command-line.ts";
import { type Project, projects } from "./projects.ts";
import { budgetLine, summary, totals } from "./summary.ts";

const unit = projects[0] as Project;
const outcome = (passed: number, failed: number, skipped: number, seconds = 1) => ({ project: unit, passed, failed, skipped, files: 1, seconds });

test("leading project names choose projects, the rest goes on to the test runner", () => {
  const names = (words: string[]): unknown => {
    const command = readArguments(words);
    return command === "help" ? command : [command.projects.map((project) => project.name), command.passed];
  };
  const all = projects.map((project) => project.name);
  expect(names([])).toEqual([all, []]);
  expect(names(["unit", "packages/psem"])).toEqual([["unit"], ["packages/psem"]]);
  expect(names(["packages/psem", "unit"])).toEqual([all, ["packages/psem", "unit"]]);
  expect(names(["store", "unit", "-t", "clones"])).toEqual([["unit", "store"], ["-t", "clones"]]);
  expect(names(["--help"])).toBe("help");
});

test("the budgets are those agreed: 60, 45, 120, 100, 120 and 145 seconds", () => {
  expect(projects.map(({ name, budgetSeconds }) => [name, budgetSeconds])).toEqual([
    ["unit", 60],
    ["sockets", 45],
    ["store", 120],
    ["terminal", 100],
    ["faults", 120],
    ["browser", 145],
  ]);
});

test("a project over its budget is named with both times", () => {
  expect(budgetLine(outcome(1, 0, 0, 60))).toBeUndefined();
  expect(budgetLine(outcome(1, 0, 0, 60.5))).toBe("unit took 60.5 s, its budget is 60 s");
});

test("the last line sums passed and failed, and skipped where there are any", () => {
  expect(totals([outcome(3, 0, 0), outcome(4, 1, 0)]).line).toBe("7 passed, 1 failed");
  expect(totals([outcome(3, 0, 2)]).line).toBe("3 passed, 0 failed, 2 skipped");
});

test("the summary says what is wrong with a project below its line", () => {
  expect(summary([{ ...outcome(0, 1, 0), problem: "a file could not be loaded" }])).toMatch(/^✗ unit .*\n {4}a file could not be loaded$/);
});

test("a Chromium named in the environment is taken or none is, never another one", () => {
  expect(findChromium({ METERSMITH_CHROMIUM: process.execPath, PATH: "" })).toBe(process.execPath);
  expect(findChromium({ METERSMITH_CHROMIUM: "/nowhere/chromium", PATH: process.env["PATH"] })).toBeUndefined();
  expect(findChromium({ PATH: "/nowhere" })).toBeUndefined();
});
