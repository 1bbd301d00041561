import { expect, test } from "vitest";
import { impurities } from "./purity.ts";

test.each([
  ["Date.now()", "take a Clock"],
  ["new Date()", "take a Clock"],
  ["Math.random()", "take a Random"],
  ["crypto.getRandomValues(a)", "take a Random"],
  ["setTimeout(() => {}, 1)", "take a Clock"],
  ["performance.now()", "take a Clock"],
  ["process.env", "take a port"],
  ["Buffer.from([])", "take a port"],
  ["fetch(u)", "take a port"],
  ["console.log(1)", "take a Log"],
  ["new WebSocket(u)", "take a port"],
])("pure code may not say %s", (expression, instead) => {
  const [problem, ...more] = impurities("packages/psem/link.ts", `const u = "";\nexport const x = ${expression};`);
  expect(problem?.place).toBe("packages/psem/link.ts:2");
  expect(problem?.message).toContain(instead);
  expect(more).toEqual([]);
});

test.each([
  "new Date(0)",
  "Date.UTC(2026, 0, 1)",
  "clock.now()",
  "Math.max(1, 2)",
  "state.document.name",
  "((process: { run(): number }) => process.run())(p)",
])("pure code may say %s", (expression) => {
  expect(impurities("packages/psem/link.ts", `const clock = c, state = s;\nexport const x = ${expression};`)).toEqual([]);
});
