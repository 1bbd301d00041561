import { exitCodes, Failure } from "@metersmith/base/errors";
import { Command, CommanderError } from "commander";
import { addAuditCommands } from "./commands/audit.ts";
import { addImageCommands } from "./commands/image.ts";
import { addMeterCommands } from "./commands/meter.ts";
import { addMetersCommands } from "./commands/meters.ts";
import { addProgramCommands } from "./commands/program.ts";
import { addProtectionCommands } from "./commands/protection.ts";
import { addRepositoryCommands } from "./commands/repository.ts";
import { addVisitCommands } from "./commands/visit.ts";
import { addDiagnoseCommand } from "./commands/diagnose.ts";
import { addSecretsCommands } from "./commands/secrets.ts";
import { addTariffCommands } from "./commands/tariff.ts";
import { addTableCommands } from "./commands/tables.ts";
import { addUpdateCommand } from "./commands/update.ts";
import { fileFailure, tellFailure } from "./failure.ts";
import { guardStreams, visible } from "./output.ts";

// Asked of the words themselves: a command line that cannot be read is told as JSON as well.
const json = process.argv.includes("--json");
guardStreams((error) => tellFailure(fileFailure(error, "standard output"), false));
process.on("uncaughtException", (error) => process.exit(tellFailure(error, json)));

// Settings come before the commands: a command takes over those of its parent at its making.
const metersmith = new Command("metersmith")
  .description("Programs of utility meters: build, show, compare, read back, program; the tables beneath; protection of their circuits; the record of what was done.")
  .helpCommand(false)
  .configureOutput({ writeErr: (text) => json || process.stderr.write(text.split("\n").map(visible).join("\n")) })
  .showHelpAfterError("(add --help for the options and an example)")
  .exitOverride();
addProgramCommands(metersmith.command("program"));
addTariffCommands(metersmith.command("tariff"));
addImageCommands(metersmith.command("image"));
addRepositoryCommands(metersmith.command("repository"));
const meter = metersmith.command("meter");
addMeterCommands(meter);
addTableCommands(metersmith.command("tables"));
addVisitCommands(meter);
addDiagnoseCommand(meter);
addUpdateCommand(meter);
addMetersCommands(metersmith.command("meters"));
addProtectionCommands(metersmith.command("protection"));
addAuditCommands(metersmith.command("audit"));
addSecretsCommands(metersmith.command("secrets"));

try {
  await metersmith.parseAsync(process.argv);
} catch (error) {
  if (!(error instanceof CommanderError)) process.exitCode = tellFailure(error, json);
  else if (error.exitCode === 0) process.exitCode = 0;
  else process.exitCode = json ? tellFailure(wrongCommandLine(error), json) : exitCodes.misuse;
}

/** Without `--json` Commander has told it already. */
function wrongCommandLine({ message }: CommanderError): Failure {
  return new Failure("misuse", "command-line", message.replace(/^error: /, ""));
}
