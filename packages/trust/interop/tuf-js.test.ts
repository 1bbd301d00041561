import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { changeKeys, readLibrary, revocation, rotation } from "../index.ts";
import { testKey } from "../testing/keys.ts";
import { ClientUnderTest, online, program, RepositoryUnderTest, signers } from "../testing/repository-under-test.ts";
import { tufJsOver, type TufJs } from "../testing/tuf-js-client.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-tuf-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function tufJs(repository: RepositoryUnderTest): Promise<TufJs> {
  await writeFile(join(folder, "root.json"), repository.firstRoot());
  return tufJsOver(repository, folder);
}

/** What both clients have of these paths. */
async function both(repository: RepositoryUnderTest, paths: readonly string[]) {
  const client = await ClientUnderTest.begin(repository);
  await client.sync();
  const library = await readLibrary(client.store);
  const other = await tufJs(repository);
  const [ours, theirs] = [[] as (string | undefined)[], [] as (string | undefined)[]];
  for (const path of paths) {
    const target = library?.targets.get(path);
    ours.push(target && Buffer.from((await client.store.target(target.digest)) ?? []).toString());
    const info = await other.getTargetInfo(path);
    theirs.push(info && (await readFile(await other.downloadTarget(info, join(folder, "content")), "utf8")));
    expect(info?.custom).toEqual(target?.custom as object | undefined);
  }
  return { ours, theirs };
}

test("tuf-js takes every published state and finds in it what ours finds", async () => {
  const repository = await RepositoryUnderTest.make("images", 2);
  // A real clock is what tuf-js judges by.
  const now = Date.now();
  repository.clock.advance(now - repository.clock.now() - (now % 1000));
  const paths = Array.from({ length: 6 }, (_, at) => `programs/north/p${at}`);
  const states: (() => Promise<unknown>)[] = [
    () => repository.publish([]),
    () => repository.publish(paths.slice(0, 4).map((path) => program(path.slice(15)))),
    () => repository.publish([program("p0", "p0 again"), program("p5")], { remove: ["programs/north/p2"] }),
    async () => {
      await changeKeys(repository.blobs, rotation("timestamp", signers.timestamp.key.id, testKey(20).key), repository.now);
      await repository.signStaged("root", ...signers.root);
      return repository.publish([], { signers: [...online, testKey(20)] });
    },
    async () => {
      await changeKeys(repository.blobs, revocation(signers.northBins.key.id, testKey(21).key), repository.now);
      await repository.signStaged("north", signers.north);
      return repository.publish([program("p4")], { signers: [signers.snapshot, testKey(20), testKey(21), signers.rxBins] });
    },
  ];
  for (const [at, publishNext] of states.entries()) {
    await publishNext();
    const { ours, theirs } = await both(repository, paths);
    expect(theirs, `state ${at}`).toEqual(ours);
  }
  expect((await both(repository, paths)).ours).toEqual(["p0 again", "p1", undefined, "p3", "p4", "p5"]);
});

test("tuf-js refuses what ours refuses: a changed octet in any file of metadata", async () => {
  const repository = await RepositoryUnderTest.make();
  const now = Date.now();
  repository.clock.advance(now - repository.clock.now() - (now % 1000));
  await repository.publish([program("p0")]);
  const client = await ClientUnderTest.begin(repository);
  await client.sync();
  const at = [...((await client.store.current())?.snapshot.versions ?? [])].map(([role, version]) => `metadata/${version}.${role}.json`);
  const path = "programs/north/p0";
  for (const file of ["metadata/timestamp.json", "metadata/2.snapshot.json", ...at.filter((name) => /targets|north\.|north-0/.test(name))]) {
    const changed = repository.copy();
    const octets = changed.public(file);
    const place = Buffer.from(octets).indexOf('"version":') + '"version":'.length;
    octets[place] = (octets[place] ?? 0) ^ 1;
    await expect((await ClientUnderTest.begin(changed)).sync(), file).rejects.toThrow();
    await expect((await tufJs(changed)).getTargetInfo(path), file).rejects.toThrow();
  }
});
