import { randomInt } from "node:crypto";
import { findChromium } from "./test/chromium.ts";
import { readArguments, usage } from "./test/command-line.ts";
import { type Outcome, runProject } from "./test/run-project.ts";
import { budgetLine, summary, totals } from "./test/summary.ts";

const command = readArguments(process.argv.slice(2));
if (command === "help") {
  process.stdout.write(usage);
  process.exit(0);
}

const inCi = process.env["CI"] === "true";
const browserRequired = process.env["METERSMITH_REQUIRE_BROWSER"] === "1";
const seed = process.env["METERSMITH_SEED"] ?? String(randomInt(2 ** 31));
process.stdout.write(`Seed of the property tests: ${seed} (METERSMITH_SEED=${seed} repeats this run's draws)\n`);

const outcomes: Outcome[] = [];
for (const project of command.projects) {
  const chromium = project.name === "browser" ? findChromium(process.env) : undefined;
  if (project.name === "browser" && chromium === undefined) {
    const reason = "no Chromium found (looked at METERSMITH_CHROMIUM and on PATH for chromium, chromium-browser, google-chrome)";
    process.stdout.write(`\nbrowser: ${browserRequired ? "failed" : "skipped"}, ${reason}\n`);
    const [failed, skipped] = browserRequired ? [1, 0] : [0, 1];
    outcomes.push({ project, passed: 0, failed, skipped, files: 0, seconds: 0, problem: reason });
    continue;
  }
  process.stdout.write(`\n── ${project.name}: ${project.about} ──\n`);
  const outcome = await runProject(project, command.passed, {
    ...process.env,
    METERSMITH_SEED: seed,
    ...(chromium === undefined ? {} : { METERSMITH_CHROMIUM: chromium }),
  });
  const overBudget = budgetLine(outcome);
  if (overBudget !== undefined) process.stdout.write(`${inCi ? "Failed" : "Warning"}: ${overBudget}\n`);
  const fails = inCi && overBudget !== undefined && outcome.problem === undefined;
  outcomes.push(fails ? { ...outcome, failed: outcome.failed + 1, problem: overBudget } : outcome);
}

const ranNothing = command.passed.length > 0 && outcomes.every((outcome) => outcome.files === 0 && outcome.failed === 0);
process.stdout.write(`\n${summary(outcomes)}\n`);
if (ranNothing) process.stdout.write(`No test matches ${command.passed.join(" ")}.\n`);
if (totals(outcomes).failed > 0) process.stdout.write(`Repeat with the same draws: METERSMITH_SEED=${seed} npm test\n`);
process.stdout.write(`${totals(outcomes).line}\n`);
process.exitCode = totals(outcomes).failed > 0 || ranNothing ? 1 : 0;
