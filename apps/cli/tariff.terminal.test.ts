import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const top = fileURLToPath(new URL("../../", import.meta.url));
const rate = ["examples/tariffs/aps-r-2-tou-demand.json", "--answers", "examples/tariffs/aps-r-2-tou-demand.answers.json"];
const run = (...words: readonly string[]): string => execFileSync(process.execPath, [main, "tariff", ...words], { cwd: top, encoding: "utf8" });

test("a load is tried under a tariff: as a table for people, as one line of JSON for scripts", () => {
  const load = ["--load", "examples/loads/four-days.csv"];
  expect(run("try", ...rate, ...load)).toMatch(/off-peak +86\.0 +97\.448 +81\.2 % +2\.578 +2026-07-11 17:00/);
  expect(JSON.parse(run("try", ...rate, ...load, "--json"))).toMatchObject({ ok: true, intervals: 384, missing: 0, tiers: [{ name: "off-peak" }, { name: "on-peak" }] });
});

test("the sheet tells what billing gets, and what no meter does for it", () => {
  const sheet = run("sheet", ...rate);
  expect(sheet).toMatch(/kW-delivered +on-peak +kW +R-2-kW-delivered-T1 .*summer: demandratestructure\[2\]/);
  expect(sheet).toMatch(/fixedchargefirstmeter +fixed charge: 12\.99/);
});

test("a file that is no load is refused with its line and what is expected", () => {
  const { status, stderr } = spawnSync(process.execPath, [main, "tariff", "try", ...rate, "--load", "README.md"], { cwd: top, encoding: "utf8" });
  expect(stderr).toContain('README.md: line 1: expected the heading "start,kWh"');
  expect(status).toBe(3);
});
