import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openHome } from "@metersmith/node/home";
import { openProgress } from "@metersmith/node/progress";
import { Interrupted, StartSteps } from "../start-steps.ts";
import { startInstallation } from "../supervisor.ts";

/**
 * A whole start in a process of its own, with real PostgreSQL, broker and supervision, and parts that do nothing.
 * Arguments: home, port. Says each step on standard output as it begins, "running" at the end, and stops at SIGTERM.
 */
const [folder = "", port = ""] = process.argv.slice(2);
const part = join(import.meta.dirname, "fake-part.ts");
const stopping = new AbortController();
process.once("SIGTERM", () => stopping.abort(new Interrupted()));

try {
  const installation = await startInstallation(
    {
      home: await openHome(folder),
      ports: { utility: Number(port), manufacturer: Number(port) + 1 },
      logins: { utility: [], manufacturer: [] },
      meters: 1,
      deviceTypesFolder: folder,
      programs: { manufacturer: part, utility: part, street: part },
      console: { consoleSourceDigest: async () => "sha256:0", buildConsole: (outDir) => writeFile(outDir, "") },
      street: { base: "127.0.0.1", port: 0, httpsPort: 0 },
    },
    new StartSteps(openProgress(process.stdout), stopping.signal),
    stopping.signal,
  );
  process.stdout.write("… running\n");
  const stopped = new Promise<undefined>((resolve) => stopping.signal.addEventListener("abort", () => resolve(undefined)));
  const broke = await Promise.race([installation.broke, stopped]);
  await installation.stop();
  if (broke !== undefined) throw new Error(broke);
  process.exit(0);
} catch (error) {
  process.stdout.write(`failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof Interrupted ? 130 : 1);
}
