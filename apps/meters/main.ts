#!/usr/bin/env node
import { join } from "node:path";
import process from "node:process";
import { silentLog, type Log } from "@metersmith/base/log";
import { exitCodes, Failure } from "@metersmith/base/errors";
import { writeFileAtomic } from "@metersmith/node/atomic-file";
import { supervised } from "@metersmith/node/supervised";
import { builtInScenarios } from "./scenario/find-scenario.ts";
import { standAlone } from "./stand-alone.ts";
import { startStreet, type Street } from "./street.ts";
import { streetConfigFrom, usage, type StreetConfig, type StreetMqtt } from "./street-config.ts";

/** The supervisor keeps what a child prints. */
const printedLog: Log = {
  ...silentLog,
  warn: (message, fields) => console.error(message, fields ?? ""),
  error: (message, fields) => console.error(message, fields ?? ""),
};

try {
  const command = streetConfigFrom(process.argv.slice(2));
  if (command === "help") process.stdout.write(usage);
  else if (command === "scenarios") await listScenarios();
  else if (process.send) runSupervised(command);
  else await standAlone(command, printedLog, (street) => writeAsBuilt(command, street));
} catch (error) {
  refuse(error);
}

function runSupervised(config: StreetConfig): void {
  supervised(async ({ mqtt }: { readonly mqtt?: StreetMqtt }) => {
    const street = await startStreet(mqtt ? { ...config, mqtt } : config, printedLog);
    await writeAsBuilt(config, street);
    return { ready: { meters: street.meters }, stop: () => street.stop() };
  });
}

async function listScenarios(): Promise<void> {
  for (const [name, { title, about, timeFactor }] of await builtInScenarios()) process.stdout.write(`${name}  (${title}, time × ${timeFactor})\n    ${about}\n`);
}

/** Where the meters are and their passwords, in the street's folder for its owner alone: nothing of it is printed. */
function writeAsBuilt({ home }: StreetConfig, { meters }: Street): Promise<void> {
  const record = { label: "As-built records of a demonstration street, with passwords", meters };
  return writeFileAtomic(join(home, "as-built.json"), `${JSON.stringify(record, undefined, 2)}\n`, 0o600);
}

function refuse(error: unknown): void {
  if (!(error instanceof Failure)) throw error;
  // Started by another program, which has a usage of its own.
  const own = error.kind === "misuse" && !process.argv.includes("--while-input");
  process.stderr.write(`${error.message}\n${own ? `\n${usage}` : ""}`);
  process.exitCode = exitCodes[error.kind];
}
