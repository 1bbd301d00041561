#!/usr/bin/env node
import { join } from "node:path";
import process from "node:process";
import { silentLog, type Log } from "@metersmith/base/log";
import { exitCodes, Failure } from "@metersmith/base/errors";
import { writeFileAtomic } from "@metersmith/node/atomic-file";
import { supervised } from "@metersmith/node/supervised";
import { startStreet, type Street } from "./street.ts";
import { streetConfigFrom, usage, type StreetConfig, type StreetMqtt } from "./street-config.ts";

/** The supervisor keeps what a child prints. */
const printedLog: Log = {
  ...silentLog,
  warn: (message, fields) => console.error(message, fields ?? ""),
  error: (message, fields) => console.error(message, fields ?? ""),
};

const config = commandLine();
if (config && process.send) {
  supervised(async ({ mqtt }: { readonly mqtt?: StreetMqtt }) => {
    const street = await startStreet(mqtt ? { ...config, mqtt } : config, printedLog);
    await writeAsBuilt(config, street);
    return { ready: { meters: street.meters }, stop: () => street.stop() };
  });
} else if (config) await standAlone(config);

function commandLine(): StreetConfig | undefined {
  try {
    const read = streetConfigFrom(process.argv.slice(2));
    if (read !== "help") return read;
    process.stdout.write(usage);
  } catch (error) {
    refuse(error);
  }
  return undefined;
}

/** Where the meters are and their passwords, in the street's folder for its owner alone: nothing of it is printed. */
function writeAsBuilt({ home }: StreetConfig, { meters }: Street): Promise<void> {
  const record = { label: "As-built records of a demonstration street, with passwords", meters };
  return writeFileAtomic(join(home, "as-built.json"), `${JSON.stringify(record, undefined, 2)}\n`, 0o600);
}

/** From a terminal: until Ctrl-C or SIGTERM. */
async function standAlone(street: StreetConfig): Promise<void> {
  try {
    const started = await startStreet(street, printedLog);
    await writeAsBuilt(street, started);
    for (const { serial, deviceType, host, port } of started.meters) process.stdout.write(`${serial}  ${deviceType}  tcp:${host}:${port}\n`);
    const end = (): void => void started.stop().then(() => process.exit(0));
    process.once("SIGINT", end);
    process.once("SIGTERM", end);
  } catch (error) {
    refuse(error);
  }
}

function refuse(error: unknown): void {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`${error.message}\n${error.kind === "misuse" ? `\n${usage}` : ""}`);
  process.exitCode = exitCodes[error.kind];
}
