import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MemoryBlobs } from "@metersmith/base/blob-store";
import { digestOf } from "@metersmith/base/digest";
import { FolderStore } from "@metersmith/node/folder-store";
import { systemClock } from "@metersmith/node/system-clock";
import { decodeSignedFile, delegate, encodeSignedFile, initRepository, publish, readLibrary, synchronize, TrustedStore, usualLifetimes, withSignatures, type NewTarget, type Remote } from "@metersmith/trust";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRoleKey, makeRoleKey } from "./repository/role-key.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const passphrase = "correct horse battery";
const count = 12;
let folder: string;
let before: string;

const programs = (round: number): NewTarget[] =>
  Array.from({ length: count }, (_, at) => {
    const content = new TextEncoder().encode(`program ${at}, round ${round}`);
    return { path: `programs/north/p${at}`, content, length: content.length, digest: digestOf(content) };
  });

/** What a client that begins anew sees, each content by its round. */
async function seen(repository: string): Promise<string> {
  const served = new FolderStore(join(repository, "public"));
  const remote: Remote = {
    async open(path, from) {
      const octets = await served.read(path);
      return octets ? { found: true, from, chunks: chunk(octets.subarray(from)) } : { found: false };
    },
  };
  const store = new TrustedStore(new MemoryBlobs());
  await store.begin(new Uint8Array(await readFile(join(repository, "public/metadata/1.root.json"))));
  await synchronize({ remote, store, clock: systemClock });
  const rounds = [];
  for (const { digest } of (await readLibrary(store))?.targets.values() ?? []) rounds.push(/round (\d)/.exec(Buffer.from((await store.target(digest)) ?? []).toString())?.[1]);
  return [...new Set(rounds)].join();
}

async function* chunk(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  yield octets;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-killed-"));
  before = join(folder, "before");
  await makeRoleKey(join(folder, "key"), passphrase);
  await writeFile(join(folder, "passphrase"), passphrase, { mode: 0o600 });
  const signer = await openRoleKey(join(folder, "key.secret.json"), async () => passphrase);
  const one = { keys: [signer.key], threshold: 1 };
  const store = new FolderStore(before);
  const now = Math.floor(Date.now() / 1000);
  await initRepository(store, { kind: "images", days: usualLifetimes }, { root: one, targets: one, snapshot: one, timestamp: one }, now);
  await delegate(store, { name: "north", paths: ["programs/north/*"], role: one, bins: one, bits: 3 }, now);
  for (const role of ["root", "targets", "north"]) {
    const file = decodeSignedFile((await store.read(`staged/${role}.json`)) ?? new Uint8Array(0), role, 1e6);
    await store.write(new Map([[`staged/${role}.json`, encodeSignedFile(await withSignatures(file, [signer]))]]));
  }
  await publish(store, { add: programs(1), remove: [], signers: [signer], now });
  for (const { path, content } of programs(2)) await writeFile(join(folder, path.split("/").at(-1) ?? ""), content ?? "");
});
afterAll(() => rm(folder, { recursive: true }));

/** Starts a publication and kills it once its folder has changed so many times, or lets it end. */
async function publishKilled(repository: string, after: number): Promise<"killed" | "ended"> {
  const files = Array.from({ length: count }, (_, at) => join(folder, `p${at}`));
  const publishing = spawn(process.execPath, [main, "repository", "publish", repository, "--key", join(folder, "key.secret.json"), "--passphrase-file", join(folder, "passphrase"), "--add", ...files, "--to", "programs/north", "--json"], { stdio: "ignore" });
  const ended = new Promise<"killed" | "ended">((resolve) => publishing.once("exit", (_, signal) => resolve(signal === "SIGKILL" ? "killed" : "ended")));
  let changes = 0;
  const watched = ["public/metadata", "public/targets/programs/north"].map((name) => watch(join(repository, name), () => {
    if (++changes === after) publishing.kill("SIGKILL");
  }));
  const how = await ended;
  for (const one of watched) one.close();
  return how;
}

test("a publication whose process is killed leaves the state before or after on the disk, and the next one goes on", async () => {
  const states = new Set<string>();
  let killed = 0;
  for (const after of [5, 40, 90]) {
    const repository = join(folder, `at-${after}`);
    await cp(before, repository, { recursive: true });
    if ((await publishKilled(repository, after)) === "killed") killed++;
    const state = await seen(repository);
    expect(["1", "2"], `after ${after} changes`).toContain(state);
    states.add(state);
    expect(await publishKilled(repository, Number.POSITIVE_INFINITY)).toBe("ended");
    expect(await seen(repository), `after ${after} changes, and again`).toBe("2");
  }
  expect(killed).toBeGreaterThan(1);
  expect(states).toContain("1");
});
