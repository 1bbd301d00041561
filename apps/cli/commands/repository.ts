import type { Command } from "commander";
import { beginRepository, delegateTo, revokeKey, rotateKey } from "../repository/ceremonies.ts";
import { followRepository } from "../repository/follow.ts";
import { makeKey, signFile } from "../repository/keys.ts";
import { bundleRepository, publishRepository, serveRepository, showStatus } from "../repository/publishing.ts";

const example = (text: string): string => `\nExample:\n  npx metersmith repository ${text}`;
const json = ["--json", "one JSON object on one line"] as const;
const passphrase = ["--passphrase-file <file>", "its first line opens the keys; without it, it is asked for"] as const;

export function addRepositoryCommands(command: Command): void {
  command.description("Repositories of programs, firmware and device types: roles, keys, ceremonies, publication, followers (docs/reference/repository.md).").helpCommand(false);

  command.command("keygen").description("make a key for roles of a repository, sealed by a passphrase").argument("<name>", "writes NAME.secret.json, for its owner alone, and NAME.public.json")
    .option(...passphrase).option(...json).addHelpText("after", example("keygen root-anna")).action(makeKey);

  command.command("init").description("begin a repository: its first root and targets role are staged, to be signed and then published").argument("<folder>", "the repository's folder; made where it is missing")
    .requiredOption("--root <file...>", "public keys of root").requiredOption("--targets <file...>", "public keys of targets").requiredOption("--snapshot <file>", "public key of snapshot").requiredOption("--timestamp <file>", "public key of timestamp")
    .option("--threshold <n>", "how many of root's keys must sign", "2").option("--targets-threshold <n>", "how many of the targets' keys must sign", "1")
    .option("--director", "the utility's second repository: which image is meant for which meters; holds no content").option("--days <role=n...>", "days that metadata are signed for: root, roles, bins, snapshot, timestamp").option(...json)
    .addHelpText("after", example("init repo --root a.public.json b.public.json --targets t.public.json --snapshot s.public.json --timestamp n.public.json")).action(beginRepository);

  command.command("delegate").description("stage a delegation: who may publish which paths, by which keys").argument("<folder>", "the repository's folder").argument("<name>", "of the delegation, as north")
    .requiredOption("--paths <pattern...>", "kind/owner/*").requiredOption("--key <file...>", "public keys that say which keys publish").requiredOption("--bins-key <file...>", "public keys that publish")
    .option("--threshold <n>", "how many of --key must sign", "1").option("--bits <n>", "2^n bins, 1 to 12", "8").option(...json).addHelpText("after", example("delegate repo north --paths 'programs/north/*' --key n.public.json --bins-key p.public.json")).action(delegateTo);

  command.command("sign").description("add one signature to a metadata file, here or carried by hand; shows what is signed").argument("<file>", "a file of the folder staged, or a copy of it")
    .requiredOption("--key <file>", "secret key").option(...passphrase).option(...json).addHelpText("after", example("sign repo/staged/root.json --key root-anna.secret.json")).action(signFile);

  command.command("rotate").description("stage another key in the place of one, for one role").argument("<folder>", "the repository's folder").argument("<role>", "root, targets, snapshot, timestamp, a delegation, or its bins as north-bins")
    .requiredOption("--from <key>", "public key file or key id").requiredOption("--to <file>", "public key file").option(...json).addHelpText("after", example("rotate repo timestamp --from old.public.json --to new.public.json")).action(rotateKey);

  command.command("revoke").description("stage the end of a key wherever it speaks").argument("<folder>", "the repository's folder").argument("<key>", "public key file or key id")
    .option("--replace-by <file>", "public key file that takes its place").option(...json).addHelpText("after", example("revoke repo stolen.public.json --replace-by new.public.json")).action(revokeKey);

  command.command("publish").description("publish what is staged and signed, and files; one step makes all of it count").argument("<folder>", "the repository's folder")
    .requiredOption("--key <file...>", "secret keys of snapshot, timestamp, and of the bins that change").option("--add <file...>", "files to publish").option("--to <kind/owner>", "of --add: under which path")
    .option("--meters <ranges>", "of a director: all, or serials such as 00012000-00012999").option("--remove <path...>", "paths that are no longer offered").option("--signed <file...>", "signed copies of staged files that were carried back")
    .option("--refresh", "sign anew also the bins that expire within 60 days").option(...passphrase).option(...json).addHelpText("after", example("publish repo --key s.secret.json n.secret.json p.secret.json --add et2.image --to programs/north")).action(publishRepository);

  command.command("bundle").description("write the published state into one file, for networks that nothing reaches").argument("<folder>", "the repository's folder").requiredOption("--out <file>", "write it here")
    .option("--only <delegation...>", "these delegations alone").option(...json).addHelpText("after", example("bundle repo --out north.bundle --only north")).action(bundleRepository);

  command.command("status").description("roles, keys, what waits for signatures, what expires; exit code 1 where something has expired or soon will").argument("<folder>", "the repository's folder")
    .option(...json).addHelpText("after", example("status repo")).action(showStatus);

  command.command("sync").description("follow a repository: bring a folder to its newest state, or import a bundle").argument("<source>", "address of what is served, or a bundle").requiredOption("--into <folder>", "what is trusted and kept; made where it is missing")
    .option("--root <file>", "the root to begin from, handed over by a way that is trusted; the first time").option("--only <delegation...>", "follow these delegations alone").option("--may-empty", "let a delegation lose all that it had")
    .option("--director", "a director: metadata without content").option(...json).addHelpText("after", example("sync https://example.org/repo --into library --root 1.root.json --only north")).action(followRepository);

  command.command("serve").description("give out a repository's public folder by HTTP, for trying; any web server does").argument("<folder>", "the repository's folder").option("--host <address>", "listen there", "127.0.0.1").option("--port <n>", "0 takes a free one", "0")
    .option(...json).addHelpText("after", example("serve repo --port 8080")).action(serveRepository);
}
