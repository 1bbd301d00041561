#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { meterCommand } from "./commands/meter.ts";
import { programCommand } from "./commands/program.ts";
import { tellFailure } from "./failure.ts";

const USAGE_EXIT = 2;

const metersmith = new Command("metersmith")
  .description("Programs of utility meters: build, show, compare, read back, program.")
  .addCommand(programCommand())
  .addCommand(meterCommand())
  .helpCommand(false)
  .showHelpAfterError("(add --help for the options and an example)")
  .exitOverride();

try {
  await metersmith.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE_EXIT;
  else process.exitCode = tellFailure(error, process.argv.includes("--json"));
}
