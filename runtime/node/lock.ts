import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { identifyProcess, isRunning, parseIdentity, type ProcessIdentity } from "./process-identity.ts";
import { MachineError } from "./machine-error.ts";

export interface Lock {
  release(): Promise<void>;
}

const ATTEMPTS = 10;

/**
 * Takes a lock file for this process. One that a dead process left is taken over; of several that try at once, one gets it.
 * @throws MachineError `home-in-use` naming the process that holds it.
 */
export async function takeLock(path: string): Promise<Lock> {
  const own = identifyProcess(process.pid);
  if (!own) throw new MachineError("bug", "home-unusable", "this process does not find itself under /proc");
  const mine = `${path}.${own.pid}`;
  await writeFile(mine, JSON.stringify(own), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      // A link is made whole or not at all, and never over another: an empty or half-written lock cannot be seen.
      if (await tookLink(mine, path)) return { release: () => release(path, own) };
      await clearStale(path, `${mine}.stale`);
    }
  } finally {
    await rm(mine, { force: true });
  }
  throw new MachineError("input", "home-in-use", `${path} changes hands too quickly; is something starting Metersmith again and again?`, { path });
}

async function tookLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function clearStale(path: string, aside: string): Promise<void> {
  refuseLive(await holder(path), path);
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  // Between reading and renaming another starter may have put its own lock there: then give it back.
  const moved = await holder(aside);
  if (moved && isRunning(moved)) await tookLink(aside, path);
  await rm(aside, { force: true });
  refuseLive(moved, path);
}

function refuseLive(other: ProcessIdentity | undefined, path: string): void {
  if (!other || !isRunning(other)) return;
  throw new MachineError(
    "input",
    "home-in-use",
    `Metersmith already runs on this state (process ${other.pid}, ${path}); stop it first, or give the new one its own METERSMITH_HOME and --port`,
    { pid: other.pid, path },
  );
}

async function holder(path: string): Promise<ProcessIdentity | undefined> {
  try {
    return parseIdentity(await readFile(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function release(path: string, own: ProcessIdentity): Promise<void> {
  if ((await holder(path))?.start === own.start) await rm(path, { force: true });
}
