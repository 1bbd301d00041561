import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Bench, type BenchMode, type Figure, keepsBound, type Measured } from "./bench.ts";
import { benches } from "./benches.ts";
import { figureTable } from "./figure-table.ts";
import { describeMachine } from "./machine.ts";

const usage = `Usage: npm run bench -- [name …] [--quick] [--json] [--save]

Benches: ${Object.keys(benches).join(", ")} (all where none is named)
  --quick   the short mode, under 50 s each, with its own scale and bounds
  --json    one line per figure: bench, figure, value, unit, limit, ratio, bound, ok
  --save    keep the figures in bench/results/<date>-<name>.json, with the machine

Example: npm run bench -- tables --quick
`;

function readCommand(): { names: readonly string[]; mode: BenchMode; json: boolean; save: boolean } {
  const flag = { type: "boolean", default: false } as const;
  const options = { quick: flag, json: flag, save: flag, help: { ...flag, short: "h" } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const unknown = positionals.find((name) => !Object.hasOwn(benches, name));
  if (unknown !== undefined) throw new TypeError(`There is no bench "${unknown}".`);
  const names = positionals.length > 0 ? positionals : Object.keys(benches);
  return { names, mode: values.quick ? "quick" : "full", json: values.json, save: values.save };
}

/** Arrays and async iterables alike, in a `for await`. */
async function* figuresOf(bench: Bench, mode: BenchMode): AsyncIterable<Measured> {
  const figures = bench.figures(mode);
  yield* figures instanceof Promise ? await figures : figures;
}

function commandOrUsage(): ReturnType<typeof readCommand> {
  try {
    return readCommand();
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n\n${usage}`);
    process.exit(2);
  }
}

function keep(name: string, mode: BenchMode, figures: readonly Figure[]): void {
  const at = new Date().toISOString();
  const folder = join(import.meta.dirname, "results");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${at.slice(0, 10)}-${name}.json`);
  writeFileSync(path, `${JSON.stringify({ bench: name, at, mode, machine: describeMachine(), figures }, null, 2)}\n`);
}

const { names, mode, json, save } = commandOrUsage();
let broken = 0;
for (const name of names) {
  const figures: Figure[] = [];
  try {
    const loaded = await benches[name]?.();
    if (!loaded) continue;
    if (!json) process.stdout.write(`\n── ${name}: ${loaded.bench.about} (${mode}) ──\n`);
    for await (const { figure, value, unit, limit, ratio, bound } of figuresOf(loaded.bench, mode)) {
      const measured = { figure, value, unit, limit, ratio, bound };
      const judged: Figure = { bench: name, ...measured, ok: keepsBound(measured) };
      figures.push(judged);
      if (json) process.stdout.write(`${JSON.stringify(judged)}\n`);
    }
    if (!json) process.stdout.write(`${figureTable(figures)}\n`);
    if (save) keep(name, mode, figures);
  } catch (cause) {
    broken++;
    process.stderr.write(`bench ${name} broke down: ${cause instanceof Error ? cause.message : String(cause)}\n`);
  }
  broken += figures.filter((figure) => !figure.ok).length;
}
process.exitCode = broken > 0 ? 1 : 0;
