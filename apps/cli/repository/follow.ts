import { open, type FileHandle } from "node:fs/promises";
import process from "node:process";
import { FolderStore } from "@metersmith/node/folder-store";
import { httpRemote } from "@metersmith/node/http/http-remote";
import { openProgress, silentProgress } from "@metersmith/node/progress";
import { systemClock } from "@metersmith/node/system-clock";
import { openBundle, readLibrary, synchronize, TrustedStore, usability, type SyncOutcome } from "@metersmith/trust";
import { fileFailure } from "../failure.ts";
import { readOctets } from "../files.ts";
import { tell } from "../output.ts";
import { withRepository } from "./ceremony-folder.ts";

interface FollowOptions {
  readonly into: string;
  readonly root?: string;
  readonly only?: readonly string[];
  readonly mayEmpty?: boolean;
  readonly director?: boolean;
  readonly json?: boolean;
}

export async function followRepository(source: string, options: FollowOptions): Promise<void> {
  const { outcome, library } = await withRepository(options.into, async (blobs: FolderStore) => {
    const store = new TrustedStore(blobs);
    if (options.root !== undefined) await store.begin(new Uint8Array(await readOctets(options.root)));
    return { outcome: await synchronized(source, store, options), library: await readLibrary(store) };
  }, true);
  const { currency, says } = usability(library, Math.floor(Date.now() / 1000));
  const { state, snapshot, added, removed } = outcome;
  tell(options.json, { ok: true, state, snapshot, added: added.map(({ path }) => path), removed, targets: library?.targets.size ?? 0, currency, says }, () => [
    ...added.map(({ path }) => `+ ${path}`), ...removed.map((path) => `- ${path}`), `${library?.targets.size ?? 0} targets. ${says}`,
  ]);
}

async function synchronized(source: string, store: TrustedStore, options: FollowOptions): Promise<SyncOutcome> {
  const step = (options.json ? silentProgress : openProgress(process.stderr)).step("synchronize");
  const common = {
    store, clock: systemClock, mayEmpty: options.mayEmpty ?? false, withContent: !options.director, progress: (done: number, total: number) => step.update(done, total),
    ...(options.only ? { follows: (role: string) => options.only?.includes(role) ?? true } : {}),
  };
  const web = /^https?:\/\//.test(source) ? httpRemote(source) : undefined;
  let file: FileHandle | undefined;
  try {
    if (!web) file = await open(source).catch((error: unknown) => Promise.reject(fileFailure(error, source) as Error));
    const outcome = await synchronize({ ...common, ...(web ? { remote: web } : { remote: await bundleIn(file as FileHandle), fromBundle: true }) });
    step.done(`snapshot ${outcome.snapshot}`);
    return outcome;
  } catch (error) {
    step.failed("refused");
    throw error;
  } finally {
    web?.close();
    await file?.close();
  }
}

async function bundleIn(file: FileHandle) {
  const { size } = await file.stat();
  return openBundle({
    size,
    async read(offset, length) {
      const octets = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      const { bytesRead } = await file.read(octets, 0, octets.length, offset);
      return octets.subarray(0, bytesRead);
    },
  });
}
