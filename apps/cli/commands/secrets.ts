import type { Command } from "commander";

export interface RotateOptions {
  readonly site?: string;
  readonly master?: boolean;
  readonly json?: boolean;
}

const example = (text: string): string => `\nExample:\n  npx metersmith ${text}`;

export function addSecretsCommands(command: Command): void {
  command.description("The secrets of an installation: which there are, and new keys for them. None is ever shown.").helpCommand(false);

  command
    .command("list")
    .description("which secrets this installation keeps, and where the key to them is")
    .option("--json", "one JSON object on one line")
    .addHelpText("after", example("secrets list"))
    .action(async (options: RotateOptions) => (await import("../secrets/list.ts")).list(options));

  command
    .command("rotate")
    .description("put a new key in the place of one, while nothing runs. Cut off, it is given again; what was sealed before still opens")
    .option("--site <slug>", "the key that seals a site's secrets in its database; the site seals them anew at its next start, then the old key goes")
    .option("--master", "the key to the installation's own file of secrets")
    .option("--json", "one JSON object on one line")
    .addHelpText("after", example("secrets rotate --site utility_demo"))
    .action(async (options: RotateOptions) => (await import("../secrets/rotate.ts")).rotate(options));
}
