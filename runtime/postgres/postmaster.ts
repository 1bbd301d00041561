import { readFileSync, readlinkSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { identifyProcess, type ProcessIdentity } from "@metersmith/node/process-identity";

/** A server process as its lock file describes it (`postmaster.pid`; PostgreSQL 18, src/include/utils/pidfile.h). */
export interface Postmaster {
  readonly process: ProcessIdentity;
  readonly port: number;
  readonly status: "starting" | "ready" | "stopping";
}

/**
 * The server that runs on a data folder, undefined where none does. A file left by a killed server whose process number something
 * else has now is not taken for a server: the process must work in the data folder.
 */
export function readPostmaster(dataFolder: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(dataFolder, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return undefined;
  }
  const found = identifyProcess(Number(lines[0]));
  if (!found || !worksIn(found.pid, dataFolder)) return undefined;
  const status = lines[7]?.trim();
  return {
    process: found,
    port: Number(lines[3]),
    status: status === "ready" || status === "stopping" ? status : "starting",
  };
}

function worksIn(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder);
  } catch {
    return false;
  }
}
