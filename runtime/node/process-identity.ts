import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** One process among all that ever carry its number: the number is used again, the number with its start is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Boot of the machine and start of the process in clock ticks since (proc_pid_stat(5), field 22). Opaque; compare only. */
  readonly start: string;
}

const POLL_MS = 20;

/** The identity of a running process, undefined where none (or only its remains, a zombie) has this number. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The command (field 2) stands in parentheses and may itself hold spaces and parentheses; state is field 3.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = fields[19];
  if (ticks === undefined || fields[0] === "Z" || fields[0] === "X") return undefined;
  return { pid, start: `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${ticks}` };
}

export function isRunning(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.start === identity.start;
}

/** Parses what `JSON.stringify` made of an identity; undefined for anything else. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  try {
    const value = JSON.parse(text) as Partial<ProcessIdentity> | null;
    return typeof value?.pid === "number" && typeof value.start === "string" ? { pid: value.pid, start: value.start } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Ends a process: each signal in turn, each with its time to take effect. True once it is gone.
 * Never hits another process that was given the same number meanwhile.
 */
export async function endProcess(
  identity: ProcessIdentity,
  signals: readonly { readonly signal: NodeJS.Signals; readonly waitMs: number }[],
): Promise<boolean> {
  for (const { signal, waitMs } of signals) {
    if (!isRunning(identity)) return true;
    try {
      process.kill(identity.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return true;
      throw error;
    }
    if (await gone(identity, waitMs)) return true;
  }
  return !isRunning(identity);
}

/** Waits until a process has ended, at most `waitMs`. */
export async function gone(identity: ProcessIdentity, waitMs: number): Promise<boolean> {
  const end = performance.now() + waitMs;
  while (isRunning(identity)) {
    if (performance.now() > end) return false;
    await delay(POLL_MS);
  }
  return true;
}
