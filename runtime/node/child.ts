import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { MachineError } from "./machine-error.ts";
import { endProcess, identifyProcess, parseIdentity, type ProcessIdentity } from "./process-identity.ts";
import type { ChildMessage } from "./supervised.ts";

export interface ChildOptions {
  /** Names the child in messages, its pid file and its log. */
  readonly name: string;
  /** Path of the program. */
  readonly program: string;
  /** Arguments; no secrets. */
  readonly args?: readonly string[];
  /** Sent over the channel, never in arguments or environment, which other accounts can read. Must survive JSON. */
  readonly config: unknown;
  /** Folder of the pid files, by which a later start finds an orphan. */
  readonly runFolder: string;
  /** What the child prints is appended here. */
  readonly logFile: string;
  /** Added to the child's environment; no secrets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How long it may take until it is ready. */
  readonly readyWithinMs?: number;
  /** How long it may take to stop before it is killed. */
  readonly stopWithinMs?: number;
}

/** A program of ours that runs and said that it is ready. */
export interface RunningChild<Ready> {
  readonly name: string;
  readonly pid: number;
  /** What it told when it was ready. */
  readonly ready: Ready;
  /** Settles when it has ended, wanted or not; the text says how. */
  readonly ended: Promise<string>;
  /** Closes the channel, which asks the child to end; kills it when it does not within its time. */
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 15_000;

/**
 * Starts a program of ours (one that calls `supervised`) and waits until it is ready.
 * @throws MachineError `child-failed` with the child's own message · `child-ended` · `child-stuck`; no process is left behind.
 */
export async function startChild<Ready extends object>(options: ChildOptions, signal?: AbortSignal): Promise<RunningChild<Ready>> {
  const { name } = options;
  const child = await launch(options);
  const pidFile = join(options.runFolder, `${name}.json`);
  const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
  if (identity) await writeFile(pidFile, JSON.stringify(identity), { mode: 0o600 });

  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, killedBy) => resolve(killedBy ? `ended by ${killedBy}` : `exit code ${code}`));
  });
  const stop = async (withinMs: number): Promise<void> => {
    if (child.connected) child.disconnect();
    const inTime = await Promise.race([ended, delay(withinMs, undefined, { ref: false })]);
    if (inTime === undefined && identity) await endProcess(identity, [{ signal: "SIGKILL", waitMs: 5000 }]);
    await rm(pidFile, { force: true });
  };
  try {
    const ready = await untilReady<Ready>(child, options, ended, signal);
    return { name, pid: child.pid ?? 0, ready, ended, stop: () => stop(options.stopWithinMs ?? STOP_WITHIN_MS) };
  } catch (error) {
    await stop(1000);
    throw error;
  }
}

async function launch(options: ChildOptions): Promise<ChildProcess> {
  await Promise.all([options.runFolder, dirname(options.logFile)].map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })));
  const { DATABASE_URL: _adminSecret, METERSMITH_KEY: _masterKey, ...environment } = process.env;
  const log = openSync(options.logFile, "a", 0o600);
  try {
    return fork(options.program, [...(options.args ?? [])], {
      // A session of its own: Ctrl-C reaches the supervisor alone, which ends its children in order.
      detached: true,
      env: { ...environment, ...options.environment },
      execArgv: [],
      stdio: ["ignore", log, log, "ipc"],
    });
  } finally {
    closeSync(log);
  }
}

function untilReady<Ready extends object>(child: ChildProcess, options: ChildOptions, ended: Promise<string>, signal?: AbortSignal): Promise<Ready> {
  const { name, logFile, readyWithinMs = READY_WITHIN_MS } = options;
  return new Promise<Ready>((resolve, reject) => {
    const failure = (code: "child-failed" | "child-ended" | "child-stuck", message: string): void =>
      settle(() => reject(new MachineError("bug", code, message, { child: name })));
    const timer = setTimeout(() => failure("child-stuck", `${name} was not ready within ${readyWithinMs / 1000} s; see ${logFile}`), readyWithinMs);
    const aborted = (): void => settle(() => reject(signal?.reason as Error));
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
      child.removeAllListeners("message");
      how();
    };
    if (signal?.aborted) return aborted();
    signal?.addEventListener("abort", aborted);
    void ended.then((how) => failure("child-ended", `${name} ended before it was ready (${how}); see ${logFile}`));
    child.on("message", (message: ChildMessage<Ready>) => {
      if (message.kind === "failed") return failure("child-failed", message.message);
      const { kind: _kind, ...ready } = message;
      settle(() => resolve(ready as unknown as Ready));
    });
    child.send({ kind: "start", config: options.config }, (error) => {
      if (error) failure("child-ended", `${name} could not be told its configuration (${error.message}); see ${logFile}`);
    });
  });
}

/** Ends what an earlier supervisor left running, found by pid file and start time. Gives the names of what was ended. */
export async function stopOrphans(runFolder: string): Promise<readonly string[]> {
  const stopped: string[] = [];
  for (const file of await readdir(runFolder)) {
    if (!file.endsWith(".json")) continue;
    const path = join(runFolder, file);
    const identity: ProcessIdentity | undefined = parseIdentity(await readFile(path, "utf8"));
    if (identity && identifyProcess(identity.pid)?.start === identity.start) {
      await endProcess(identity, [
        { signal: "SIGTERM", waitMs: 2000 },
        { signal: "SIGKILL", waitMs: 5000 },
      ]);
      stopped.push(basename(file, ".json"));
    }
    await rm(path, { force: true });
  }
  return stopped;
}
