#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { addMeterCommands } from "./commands/meter.ts";
import { addProgramCommands } from "./commands/program.ts";
import { tellFailure } from "./failure.ts";

const USAGE_EXIT = 2;

// Settings come before the commands: a command takes over those of its parent at its making.
const metersmith = new Command("metersmith")
  .description("Programs of utility meters: build, show, compare, read back, program.")
  .helpCommand(false)
  .showHelpAfterError("(add --help for the options and an example)")
  .exitOverride();
addProgramCommands(metersmith.command("program"));
addMeterCommands(metersmith.command("meter"));

try {
  await metersmith.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE_EXIT;
  else process.exitCode = tellFailure(error, process.argv.includes("--json"));
}
