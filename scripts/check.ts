import type { Check, Problem } from "./check/check.ts";
import { types } from "./check/compiler.ts";
import { directions } from "./check/directions.ts";
import { docs } from "./check/docs.ts";
import { generated } from "./check/generated.ts";
import { lengths } from "./check/lengths.ts";
import { lint } from "./check/lint.ts";
import { names } from "./check/names.ts";
import { purity } from "./check/purity.ts";
import { requirements } from "./check/requirements.ts";
import { versions } from "./check/versions.ts";
import { wording } from "./check/wording.ts";

const checks: readonly Check[] = [
  types, lint, directions, purity, names, lengths, wording, versions, generated, requirements, docs,
];

const usage = `Usage: npm run check -- [check …]

${checks.map(({ name, about }) => `  ${name.padEnd(14)}${about}`).join("\n")}

Example: npm run check -- directions lint
`;

const asked = process.argv.slice(2);
const unknown = asked.filter((word) => !checks.some((check) => check.name === word));
if (unknown.length > 0) {
  const help = asked.includes("--help");
  process.stdout.write(help ? usage : `There is no check "${unknown.join('", "')}".\n\n${usage}`);
  process.exit(help ? 0 : 2);
}

/** A check that breaks down has failed, with its reason; the others still run. */
async function findings(check: Check): Promise<readonly Problem[]> {
  try {
    return await check.run();
  } catch (cause) {
    return [{ place: `scripts/check (${check.name})`, message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) }];
  }
}

let failed = 0;
const chosen = checks.filter((check) => asked.length === 0 || asked.includes(check.name));
for (const check of chosen) {
  const started = performance.now();
  const problems = await findings(check);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (problems.length > 0) failed++;
  process.stdout.write(`${problems.length > 0 ? "✗" : "✓"} ${check.name.padEnd(14)}${seconds.padStart(5)} s  ${check.about}\n`);
  for (const { place, message } of problems) process.stdout.write(`    ${place}  ${message}\n`);
}
process.stdout.write(`${chosen.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
