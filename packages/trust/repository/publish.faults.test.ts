import type { MemoryBlobs } from "@metersmith/base/blob-store";
import { expect, test } from "vitest";
import { changeKeys, publish, readLibrary, revocation, rotation } from "../index.ts";
import { testKey } from "../testing/keys.ts";
import { ClientUnderTest, online, program, RepositoryUnderTest, signers } from "../testing/repository-under-test.ts";

async function shown(client: ClientUnderTest): Promise<string> {
  const library = await readLibrary(client.store);
  return [...(library?.targets.values() ?? [])].map(({ path, digest }) => `${path} ${digest.slice(7, 15)}`).sort().join("; ");
}

/** What a client sees: one that follows, and one that begins anew. Throws where either is refused. */
async function seen(repository: RepositoryUnderTest, follower: ClientUnderTest): Promise<string> {
  const old = await ClientUnderTest.begin(repository);
  old.blobs = follower.blobs.restarted();
  const fresh = await ClientUnderTest.begin(repository);
  for (const client of [old, fresh]) await client.sync();
  expect(await shown(old)).toBe(await shown(fresh));
  return shown(old);
}

test("a publication that is cut at any step leaves the state before or after, and the next one goes on", async () => {
  const repository = await RepositoryUnderTest.make();
  await repository.publish([program("a"), program("b")]);
  const follower = await ClientUnderTest.begin(repository);
  await follower.sync();
  const ready = repository.blobs;
  const change = (blobs: MemoryBlobs) => publish(blobs, { add: [program("a", "again"), program("c")], remove: ["programs/north/b"], signers: online, now: repository.now, siblings: async (octets) => new Map([[".gz", octets]]) });
  const before = await seen(repository, follower);
  repository.blobs = ready.restarted();
  await change(repository.blobs);
  const [after, steps] = [await seen(repository, follower), repository.blobs.changes];
  expect(after).not.toBe(before);
  expect(steps).toBeGreaterThan(10);
  const results = new Set<string>();
  for (let cut = 1; cut <= steps; cut++) {
    repository.blobs = ready.restarted(cut);
    await expect(change(repository.blobs), `cut ${cut}`).rejects.toThrow("the power is cut");
    repository.blobs = repository.blobs.restarted();
    const state = await seen(repository, follower);
    expect([before, after], `cut ${cut}`).toContain(state);
    results.add(state);
    await repository.publish([program("d")]);
    expect(await seen(repository, follower)).toContain("programs/north/d");
  }
  expect(results.size).toBe(2);
});

test("a rotation of every key of root's, with the old online keys at hand, is seen before or after at any cut; clients are never without a state", async () => {
  const repository = await RepositoryUnderTest.make();
  await repository.publish([program("a")]);
  const follower = await ClientUnderTest.begin(repository);
  await follower.sync();
  for (const [role, out, into] of [["timestamp", signers.timestamp, 20], ["snapshot", signers.snapshot, 21], ["targets", signers.targets, 22], ["root", signers.root[2], 23]] as const) {
    await changeKeys(repository.blobs, rotation(role, out.key.id, testKey(into).key), repository.now);
  }
  await repository.signStaged("root", signers.root[0], signers.root[1]);
  await repository.signStaged("targets", signers.targets, testKey(22));
  const ready = repository.blobs;
  const change = (blobs: MemoryBlobs) => publish(blobs, { add: [program("b")], remove: [], signers: [...online, testKey(20), testKey(21)], now: repository.now });
  repository.blobs = ready.restarted();
  const before = await seen(repository, follower);
  await change(repository.blobs);
  const [after, steps] = [await seen(repository, follower), repository.blobs.changes];
  for (let cut = 1; cut <= steps; cut++) {
    repository.blobs = ready.restarted(cut);
    await expect(change(repository.blobs), `cut ${cut}`).rejects.toThrow("the power is cut");
    repository.blobs = repository.blobs.restarted();
    expect([before, after], `cut ${cut}`).toContain(await seen(repository, follower));
    // By the new keys alone from here on.
    const roots = await repository.blobs.list("public/metadata");
    const goOn = { signers: roots.includes("2.root.json") ? [testKey(20), testKey(21), signers.northBins] : [...online, testKey(20), testKey(21)] };
    await repository.publish([program("c")], goOn);
    expect(await seen(repository, follower)).toContain("programs/north/c");
  }
});

test("a revoked key that is not at hand: at any cut clients keep what they have, and the next publication goes on", async () => {
  const repository = await RepositoryUnderTest.make();
  await repository.publish([program("a")]);
  const follower = await ClientUnderTest.begin(repository);
  await follower.sync();
  const before = await shown(follower);
  await changeKeys(repository.blobs, revocation(signers.timestamp.key.id, testKey(20).key), repository.now);
  await repository.signStaged("root", signers.root[1], signers.root[2]);
  const ready = repository.blobs;
  const left = [signers.snapshot, signers.northBins, testKey(20)];
  const change = (blobs: MemoryBlobs) => publish(blobs, { add: [program("b")], remove: [], signers: left, now: repository.now });
  repository.blobs = ready.restarted();
  await change(repository.blobs);
  const steps = repository.blobs.changes;
  let between = 0;
  for (let cut = 1; cut <= steps; cut++) {
    repository.blobs = ready.restarted(cut);
    await expect(change(repository.blobs)).rejects.toThrow("the power is cut");
    repository.blobs = repository.blobs.restarted();
    const client = await ClientUnderTest.begin(repository);
    client.blobs = follower.blobs.restarted();
    const outcome = await client.sync().then(() => "taken", (error: { code: string }) => error.code);
    if (outcome !== "taken") between++;
    expect(["taken", "not-enough-signatures"], `cut ${cut}`).toContain(outcome);
    expect([before, `${before}; programs/north/b 3e23e816`], `cut ${cut}`).toContain(await shown(client));
    await repository.publish([program("b")], { signers: left });
    await client.sync();
    expect(await shown(client)).toContain("programs/north/b");
  }
  // Between the new root and the first timestamp of the new key: one step, and the revoked key is worth nothing in it.
  expect(between).toBe(1);
});
