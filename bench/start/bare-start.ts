import { spawn } from "node:child_process";
import { startPostgres } from "@metersmith/postgres/embedded";

/**
 * Milliseconds that the parts need which no start can do without: PostgreSQL on the given folder until it takes connections
 * (made first, where the folder is empty) and one Node process that does nothing. PostgreSQL is stopped again, unmeasured.
 */
export async function bareStartMillis(folder: string): Promise<number> {
  const started = performance.now();
  const server = await startPostgres({ folder });
  const postgres = performance.now() - started;
  await server.stop();
  return postgres + (await bareNodeMillis());
}

function bareNodeMillis(): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--eval", "0"], { stdio: "ignore" });
    child.once("error", reject);
    child.once("exit", () => resolve(performance.now() - started));
  });
}
