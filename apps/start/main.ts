import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { exitCodes, Failure } from "@metersmith/base/errors";
import { homePath } from "@metersmith/node/home";
import { openProgress, silentProgress } from "@metersmith/node/progress";
import { readCommand, type StartCommand, usage } from "./command-line.ts";
import { databaseUrlFrom } from "./database-url.ts";
import { machineFailure } from "./machine-failure.ts";
import { type StartReport, summaryText } from "./report.ts";
import { run } from "./run.ts";
import { Interrupted, StartSteps } from "./start-steps.ts";

const top = join(dirname(fileURLToPath(import.meta.url)), "../..");
const WRONG_COMMAND_LINE = 2;
const INTERRUPTED = 130;

async function main(): Promise<number> {
  const command = readCommand(process.argv.slice(2));
  if (command === "help") {
    process.stdout.write(usage);
    return 0;
  }
  if ("wrong" in command) {
    process.stderr.write(`${command.wrong}\nFor example: npm start -- --port 5000\n`);
    return WRONG_COMMAND_LINE;
  }

  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // Asked twice: the children notice that their channel is closed, PostgreSQL is found again by the next start.
      if (stopping.signal.aborted) process.exit(INTERRUPTED);
      stopping.abort(new Interrupted());
    });
  }
  // A temporary home is nobody's state to lose, and its sites must not end up in somebody's server.
  const temporary = command.once && !process.env["METERSMITH_HOME"];
  const folder = temporary ? await mkdtemp(join(tmpdir(), "metersmith-once-")) : homePath(process.env, top);
  const progress = command.json ? silentProgress : openProgress(process.stderr);
  const steps = new StartSteps(progress, stopping.signal);
  let exitCode: number;
  try {
    const databaseUrl = temporary ? undefined : databaseUrlFrom(process.env);
    const around = { top, folder, progress, steps, signal: stopping.signal, ...(databaseUrl ? { databaseUrl } : {}) };
    const ended = await run(command, around);
    if (command.once) process.stdout.write(command.json ? `${JSON.stringify(ended.report)}\n` : `\n${summaryText(ended.report)}`);
    exitCode = ended.exitCode;
  } catch (error) {
    exitCode = explain(error, command, steps);
  }
  if (temporary && (exitCode === 0 || exitCode === INTERRUPTED || !(await tellsMore(folder)))) await rm(folder, { recursive: true, force: true });
  else if (temporary) process.stderr.write(`Its state and logs are kept in ${folder}.\n`);
  return exitCode;
}

/** Whether a folder of state holds more about a failure than was said: some part had begun to work in it. */
async function tellsMore(folder: string): Promise<boolean> {
  const logs = await readdir(join(folder, "logs")).catch(() => []);
  return logs.length > 0 || existsSync(join(folder, "postgres"));
}

/** No stack reaches a person; with `--json` the last line is the object, as after a good run. */
function explain(caught: unknown, command: StartCommand, steps: StartSteps): number {
  const error = machineFailure(caught);
  const message = error instanceof Error ? error.message : String(error);
  if (command.once && command.json) {
    const meters = { total: 0, programmed: 0, verified: 0 };
    // What failed outside a step (the folder of the state) is a step of the report all the same.
    if (!steps.hasShown(error)) steps.addFailure("start", message);
    process.stdout.write(`${JSON.stringify({ ok: false, steps: steps.ended, meters } satisfies StartReport)}\n`);
  }
  if (error instanceof Interrupted) return INTERRUPTED;
  if (command.json || !steps.hasShown(error)) process.stderr.write(`${message}\n`);
  return error instanceof Failure ? exitCodes[error.kind] : exitCodes.bug;
}

process.exit(await main());
