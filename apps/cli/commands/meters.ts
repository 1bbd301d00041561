import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { homePath } from "@metersmith/node/home";
import type { Command } from "commander";

const projectFolder = fileURLToPath(new URL("../../..", import.meta.url));
/** A program of its own: the terminal shares no code with the meters. */
const program = join(projectFolder, "apps/meters/main.ts");

export function addMetersCommands(command: Command): void {
  command.description("A neighbourhood of virtual meters, each on sockets of its own.").helpCommand(false);

  command.command("run")
    .description("run virtual meters until Ctrl-C; their state is kept and taken up again")
    .option("--count <number>", "meters, 1 to 5000", "12")
    .option("--scenario <name|file>", "what happens to them (see meters scenarios, and docs/reference/scenarios.md)")
    .option("--device-types <list>", "types of the meters that are made, in turn", "rx-2s,rx-2s,ix-4s,px-9s")
    .option("--home <folder>", "where their state is kept; else the folder neighbourhood in METERSMITH_HOME or .metersmith")
    .option("--base <address>", "address in 127/8 before the first meter's", "127.40.0.0")
    .option("--port <number>", "TCP and UDP port of every meter, 0 for a free one each", "1153")
    .option("--https-port <number>", "configuration tables over HTTPS with mutual TLS at this port of every meter, 0 for a free one each")
    .option("--sessions <rule>", "where local and network sessions meet: together, exclusive, local-first, network-first")
    .option("--trust <file...>", "public keys, as image keygen writes them, whose images the meters take")
    .option("--json", "tell what happens as JSON, an object a line")
    .addHelpText("after", "\nExample:\n  npx metersmith meters run --count 5000 --scenario wrong-socket\n  npx metersmith meters run --count 100 --scenario my-scenario.json --json")
    .action((options: RunOptions) => run(options));

  command.command("scenarios").description("list the scenarios that come along").action(() => started(["--scenarios"]));
}

interface RunOptions {
  readonly count: string;
  readonly base: string;
  readonly port: string;
  readonly deviceTypes: string;
  readonly home?: string;
  readonly scenario?: string;
  readonly trust?: readonly string[];
  readonly httpsPort?: string;
  readonly sessions?: string;
  readonly json?: boolean;
}

function run({ json, home = join(homePath(process.env, projectFolder), "neighbourhood"), deviceTypes, httpsPort, trust = [], ...options }: RunOptions): Promise<void> {
  const given = Object.entries<string>({ ...options, home, "device-types": deviceTypes, ...(httpsPort === undefined ? {} : { "https-port": httpsPort }) });
  return started([...trust.map((file) => `--trust=${file}`), ...given.map(([name, value]) => `--${name}=${value}`), "--while-input", ...(json ? ["--json"] : [])]);
}

/** Starts the meters' program and waits for its end. Ctrl-C reaches it too; it ends with this one in any case, for its input does. */
async function started(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["pipe", "inherit", "inherit"] });
  const stop = (): void => void child.stdin.end();
  // The child hears of it by itself, and this one waits for it.
  process.on("SIGINT", () => {});
  process.once("SIGTERM", stop);
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
  process.removeListener("SIGTERM", stop);
}
