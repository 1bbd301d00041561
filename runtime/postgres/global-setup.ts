import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endProcess, identifyProcess } from "@metersmith/node/process-identity";
import type { TestProject } from "vitest/node";
import { startPostgres } from "./embedded.ts";
import { readPostmaster } from "./postmaster.ts";
import "./template.ts";

const PREFIX = "metersmith-store-";

/** The one PostgreSQL of a `store` run: in a temporary folder, without waiting for the disk, gone with the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await clearAbandoned();
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const server = await startPostgres({ folder, durable: false });
  project.provide("postgresAdminUrl", server.adminUrl);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

/** A run that was killed leaves its server: the folder's name tells whose it was. */
async function clearAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const run = Number(name.startsWith(PREFIX) ? name.slice(PREFIX.length).split("-")[0] : Number.NaN);
    if (!(run > 0) || identifyProcess(run)) continue;
    const folder = join(tmpdir(), name);
    try {
      const left = readPostmaster(join(folder, "data"));
      if (left) await endProcess(left.process, [{ signal: "SIGQUIT", waitMs: 5000 }]);
      await rm(folder, { recursive: true, force: true });
    } catch {
      // Another account's: its own next run clears it.
    }
  }
}
