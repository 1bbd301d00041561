import type { Command } from "commander";
import type { ExportOptions, VerifyOptions } from "../audit/options.ts";

const example = (text: string): string => `\nExample:\n  npx metersmith ${text}`;
const SOURCE = "\nWhere the database is: --site of this installation (METERSMITH_HOME or .metersmith), --database, or the environment's METERSMITH_DATABASE_URL.";

export function addAuditCommands(command: Command): void {
  command.description("The record of actions: check that it is whole, take it along.").helpCommand(false);

  command
    .command("verify")
    .description("check an exported record, or that of a site's database: every entry, seal and signature; names the first that is broken")
    .argument("[file]", "as export wrote it; without it, a database is checked")
    .option("--site <slug>", "a site of this installation, e.g. utility_demo")
    .option("--database <url>", "of a site's database, as either of its roles")
    .option("--public-key <hex...>", "trust these keys alone; without it, the record's own word is taken for whose it is")
    .option("--known <seal...>", "seals that an earlier check printed: the record has to continue them")
    .option("--json", "one JSON object on one line")
    .addHelpText("after", `${SOURCE}\nExit codes: 0 whole, 3 wrong input, 4 broken, 6 no database.\n${example("audit verify record.jsonl --public-key 3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29")}`)
    // The database's client is loaded only where it is asked for.
    .action(async (file: string | undefined, options: VerifyOptions) => (await import("../audit/verify.ts")).verify(file, options));

  command
    .command("export")
    .description("write a record as JSON lines with its seals, for verify and for other tools")
    .option("--site <slug>", "a site of this installation")
    .option("--database <url>", "of a site's database, as either of its roles")
    .option("--organization <slug>", "whose record, where a site has several")
    .requiredOption("--out <file>", "write it here; a file that is there is not overwritten")
    .option("--json", "one JSON object on one line")
    .addHelpText("after", `${SOURCE}\n${example("audit export --site utility_demo --out record.jsonl")}`)
    .action(async (options: ExportOptions) => (await import("../audit/export.ts")).exportRecord(options));
}
