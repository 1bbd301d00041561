import { parseArgs } from "node:util";
import { completeSweep, quickSweep, sweepEverything } from "@metersmith/meter/sweep/sweep-everything";
import { sweptModel } from "./meter/swept-model.ts";

const usage = `Usage: npm run sweep -- [--quick] [--seed S]

Cuts the power of a meter at every flash operation of an update, before, within and after it, and again in what follows. Prints how many cuts were tried and which went wrong.
  --quick    the short one that \`npm test\` has, of seconds; the complete one takes minutes
  --seed S   a whole number: draws what is sampled, and what unstable bits read as. By default one from the time, which is printed
`;

function readCommand(): { readonly quick: boolean; readonly seed: number } {
  const { values } = parseArgs({ options: { quick: { type: "boolean" }, seed: { type: "string" } } });
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new TypeError("--seed takes a whole number from 0 on.");
  return { quick: values.quick ?? false, seed };
}

async function sweep({ quick, seed }: ReturnType<typeof readCommand>): Promise<number> {
  process.stdout.write(`Seed ${seed} (--seed ${seed} repeats this sweep)\n`);
  const started = process.cpuUsage();
  let [cuts, bad, part] = [0, 0, ""];
  for await (const swept of sweepEverything(sweptModel(), quick ? quickSweep : completeSweep, seed)) {
    if (swept.part !== part) process.stdout.write(`\n${(part = swept.part)}\n`);
    const tried = swept.tried.reduce((sum, count) => sum + count, 0);
    process.stdout.write(`  ${swept.scenario.padEnd(30)} ${String(swept.clean).padStart(6)} cut points of a clean run, ${String(tried).padStart(7)} tried, ${String(swept.states).padStart(6)} different devices switched on, at most ${swept.wear} erasures of a page, bad: ${swept.bad.length || "none"}\n`);
    for (const one of swept.bad) process.stdout.write(`    ${one}\n`);
    cuts += tried;
    bad += swept.bad.length;
  }
  const { user, system } = process.cpuUsage(started);
  process.stdout.write(`\n${cuts} cuts in ${((user + system) / 1e6).toFixed(0)} s of CPU time, bad: ${bad || "none"}\n`);
  return bad === 0 ? 0 : 1;
}

let command: ReturnType<typeof readCommand> | undefined;
try {
  command = readCommand();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
}
process.exitCode = command ? await sweep(command) : 2;
