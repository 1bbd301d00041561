import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { Failure } from "@metersmith/base/errors";
import { FolderStore } from "@metersmith/node/folder-store";
import { serveFolder } from "@metersmith/node/http/folder-server";
import { openProgress, silentProgress } from "@metersmith/node/progress";
import { collectSignatures, decodeSignedFile, largest, makeBundle, publish, readSettings, repositoryHealth, type RoleHealth, type Signer } from "@metersmith/trust";
import { fileFailure } from "../failure.ts";
import { readOctets } from "../files.ts";
import { columns, tell } from "../output.ts";
import { wholeNumber } from "../whole-number.ts";
import { withRepository } from "./ceremony-folder.ts";
import { metersOf, newTargets } from "./new-targets.ts";
import { readPassphrase } from "./passphrase.ts";
import { openRoleKey } from "./role-key.ts";
import { siblings } from "./siblings.ts";

/** Something has expired, or soon will. */
const inNeed = 1;
const refreshDays = 60;
const now = (): number => Math.floor(Date.now() / 1000);

interface PublishOptions {
  readonly key: readonly string[];
  readonly add?: readonly string[];
  readonly to?: string;
  readonly meters?: string;
  readonly remove?: readonly string[];
  readonly signed?: readonly string[];
  readonly refresh?: boolean;
  readonly passphraseFile?: string;
  readonly json?: boolean;
}

export async function publishRepository(folder: string, options: PublishOptions): Promise<void> {
  if ((options.add === undefined) !== (options.to === undefined)) throw new Failure("misuse", "to", "--add and --to go together");
  const progress = options.json ? silentProgress : openProgress(process.stderr);
  const signers: Signer[] = [];
  // One after another: a person types them.
  for (const key of options.key) signers.push(await openRoleKey(key, (file) => readPassphrase(options.passphraseFile, `Passphrase of ${file}: `)));
  const done = await withRepository(folder, async (store) => {
    for (const file of options.signed ?? []) await collectSignatures(store, decodeSignedFile(new Uint8Array(await readOctets(file)), file, largest.targets), file);
    const { kind } = await readSettings(store);
    const add = await newTargets(options.add ?? [], options.to ?? "", kind, options.meters === undefined ? undefined : metersOf(options.meters));
    const step = progress.step("publish");
    try {
      const publication = await publish(store, { add, remove: options.remove ?? [], signers, now: now(), siblings, ...(options.refresh ? { refreshBefore: now() + refreshDays * 86_400 } : {}), progress: (at, of) => step.update(at, of) });
      step.done(`snapshot ${publication.snapshot}`);
      return publication;
    } catch (error) {
      step.failed(error instanceof Error ? "refused" : String(error));
      throw error;
    }
  });
  tell(options.json, { ok: true, ...done }, () => [
    `root ${done.root}, snapshot ${done.snapshot}, timestamp ${done.timestamp}; ${done.added} targets added or changed, ${done.removed} removed, ${done.roles.length} roles signed`,
    ...done.waiting.map((line) => `waits: ${line}`),
  ]);
}

export async function showStatus(folder: string, { json }: { readonly json?: boolean }): Promise<void> {
  const health = await repositoryHealth(new FolderStore(folder), now());
  const urgent = health.roles.filter(({ urgency }) => urgency !== "fine");
  tell(json, { ok: urgent.length === 0, ...health }, () => [
    `${health.kind === "director" ? "a director's repository" : "a repository of images"}${health.roles.length === 0 ? ", not published yet" : ""}`,
    ...columns(health.roles.map((role) => [role.role, `version ${role.version}`, expiryText(role), `${role.threshold} of ${role.keyIds.map((id) => id.slice(0, 16)).join(", ")}`, role.bins === undefined ? "" : `${role.bins} bins, ${role.targets} targets`])),
    ...health.staged.map((name) => `staged: ${name}`), ...health.waiting.map((line) => `waits: ${line}`),
  ]);
  if (urgent.length > 0) process.exitCode = inNeed;
}

function expiryText({ expires, urgency }: RoleHealth): string {
  const day = new Date(expires * 1000).toISOString().slice(0, 16);
  return urgency === "expired" ? `EXPIRED ${day}Z` : `until ${day}Z${urgency === "soon" ? "  SIGN ANEW" : ""}`;
}

export async function bundleRepository(folder: string, { out, only, json }: { readonly out: string; readonly only?: readonly string[]; readonly json?: boolean }): Promise<void> {
  const bundle = await withRepository(folder, async (store) => {
    const made = await makeBundle(store, (name) => only === undefined || only.includes(name));
    await writeChunks(out, made.chunks);
    return made;
  });
  tell(json, { ok: true, out, snapshot: bundle.snapshot, files: bundle.files, octets: bundle.octets }, () => [`snapshot ${bundle.snapshot}: ${bundle.files} files, ${bundle.octets} octets in ${out}`]);
}

/** Whole or not at all. */
async function writeChunks(out: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const making = `${out}.new`;
  try {
    const file = await open(making, "w", 0o644);
    try {
      for await (const chunk of chunks) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(making, out);
  } catch (error) {
    await rm(making, { force: true });
    throw fileFailure(error, out);
  }
}

export async function serveRepository(folder: string, { host, port, json }: { readonly host: string; readonly port: string; readonly json?: boolean }): Promise<void> {
  const server = await serveFolder(join(folder, "public"), host, wholeNumber("port", port, 0, 65_535));
  tell(json, { ok: true, address: `http://${host}:${server.port}/` }, () => [`http://${host}:${server.port}/  (Ctrl-C ends it)`]);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  });
  await server.close();
}
