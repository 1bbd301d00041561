import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Project } from "./projects.ts";

export interface Outcome {
  readonly project: Project;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly files: number;
  /** Wall time, start of the test runner included. */
  readonly seconds: number;
  /** Why the project as a whole failed or was skipped, where its tests alone do not say so. */
  readonly problem?: string;
}

/** A run that takes this many times its budget hangs: it is ended, so that CI always comes to its last line. */
const hangFactor = 3;

const root = join(import.meta.dirname, "../..");
const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");

/** Runs one vitest project in a process of its own; its output goes straight to the terminal. */
export async function runProject(project: Project, passed: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "metersmith-test-"));
  const report = join(folder, "report.json");
  const reporting = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`, "--passWithNoTests"];
  const words = [vitest, "run", "--project", project.name, ...reporting, ...passed];
  const started = performance.now();
  const ended = await run(words, env, project.budgetSeconds * hangFactor);
  const seconds = (performance.now() - started) / 1000;
  const counts = readCounts(await readFile(report, "utf8").catch(() => ""));
  await rm(folder, { recursive: true, force: true });
  const problem = problemOf(ended, counts, project);
  return {
    project,
    ...(counts ?? { passed: 0, skipped: 0, files: 0 }),
    failed: Math.max(counts?.failed ?? 0, problem === undefined ? 0 : 1),
    seconds,
    ...(problem === undefined ? {} : { problem }),
  };
}

type Ended = { readonly code: number | null; readonly hung: boolean };
type Counts = Pick<Outcome, "passed" | "failed" | "skipped" | "files">;

function run(words: readonly string[], env: NodeJS.ProcessEnv, limitSeconds: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that a hanging run is ended together with its workers.
    const child = spawn(process.execPath, words, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"], detached: true });
    const endGroup = (signal: NodeJS.Signals): void => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, signal);
    };
    const interrupt = (): void => endGroup("SIGINT");
    let hung = false;
    const watchdog = setTimeout(() => {
      hung = true;
      endGroup("SIGKILL");
    }, limitSeconds * 1000);
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
    const finish = (): void => {
      clearTimeout(watchdog);
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    };
    child.once("error", (cause) => {
      finish();
      reject(cause);
    });
    child.once("exit", (code) => {
      finish();
      resolve({ code, hung });
    });
  });
}

/** The counts in vitest's JSON report; undefined where it wrote none. */
function readCounts(report: string): Counts | undefined {
  if (report === "") return undefined;
  const told = JSON.parse(report) as Record<string, unknown>;
  const count = (key: string): number => Number(told[key] ?? 0);
  const files = (told["testResults"] ?? []) as readonly { status: string; assertionResults: readonly unknown[] }[];
  // A file that could not be loaded has no tests to count, so it counts itself.
  const unloaded = files.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
  return {
    passed: count("numPassedTests"),
    failed: count("numFailedTests") + unloaded,
    skipped: count("numPendingTests") + count("numTodoTests"),
    files: files.length,
  };
}

function problemOf(ended: Ended, counts: Counts | undefined, project: Project): string | undefined {
  if (ended.hung) return `ended after ${project.budgetSeconds * hangFactor} s, ${hangFactor} times its budget: something hangs`;
  if (ended.code === 0 && counts) return undefined;
  if (!counts) return "the test runner wrote no report; see its output above";
  return counts.failed === 0 ? "an error escaped from the tests; see above" : undefined;
}
