import { readFile, rename, rm } from "node:fs/promises";
import type { Home } from "@metersmith/node/home";
import { writeFileAtomic } from "@metersmith/node/atomic-file";

/** How the console is built; `apps/console/build.ts` in earnest. */
export interface ConsoleBuilder {
  /** Equal while its sources are. */
  consoleSourceDigest(): Promise<string>;
  buildConsole(outDir: string): Promise<void>;
}

/**
 * The built console, in the home: built again only where its sources have changed. It is built beside its place, and its digest is
 * written last, so that one cut short is built again.
 */
export async function ensureConsole(home: Home, builder: ConsoleBuilder): Promise<{ readonly folder: string; readonly built: boolean }> {
  const folder = home.file("console");
  const record = home.file("console.digest");
  const digest = await builder.consoleSourceDigest();
  const last = await readFile(record, "utf8").catch(() => "");
  if (last.trim() === digest) return { folder, built: false };
  const making = home.file("console.new");
  await rm(making, { recursive: true, force: true });
  await builder.buildConsole(making);
  await rm(record, { force: true });
  await rm(folder, { recursive: true, force: true });
  await rename(making, folder);
  await writeFileAtomic(record, `${digest}\n`, 0o600);
  return { folder, built: true };
}
