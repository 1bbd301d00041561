import { beforeAll, expect, test } from "vitest";
import { changeKeys, collectSignatures, decodeSignedFile, delegate, readLibrary, repositoryHealth, revocation, rotation, withSignatures } from "../index.ts";
import { testKey } from "../testing/keys.ts";
import { ClientUnderTest, online, program, remoteOf, RepositoryUnderTest, signers } from "../testing/repository-under-test.ts";

const day = 86_400_000;
let untouched: RepositoryUnderTest;
beforeAll(async () => {
  untouched = await RepositoryUnderTest.make();
});

const one = (number: number) => ({ keys: [testKey(number).key], threshold: 1 });

async function shown(client: ClientUnderTest): Promise<string> {
  const library = await readLibrary(client.store);
  return [...(library?.targets.values() ?? [])].map(({ path, digest }) => `${path} ${digest.slice(7, 15)}`).sort().join("; ");
}

test("what is staged waits for enough signatures, and what is published meanwhile does not wait for it", async () => {
  const repository = untouched.copy();
  await delegate(repository.blobs, { name: "south", paths: ["programs/south/*"], role: one(50), bins: one(51), bits: 2 }, repository.now);
  await repository.signStaged("south", testKey(50));
  const first = await repository.publish([program("a")]);
  expect(first.waiting).toEqual([expect.stringContaining("targets: 0 of 1 signatures; of keys")]);
  await expect(repository.publish([{ ...program("a"), path: "programs/south/a" }])).rejects.toMatchObject({ code: "bad-draft", message: expect.stringContaining("no delegation") });
  await repository.signStaged("targets", signers.targets);
  await expect(repository.publish([])).rejects.toMatchObject({ code: "not-enough-signatures", message: expect.stringContaining("south-0") });
  const second = await repository.publish([{ ...program("a"), path: "programs/south/a" }], { signers: [...online, testKey(51)] });
  expect(second).toMatchObject({ waiting: [], added: 1, roles: expect.arrayContaining(["targets", "south", "south-0", "south-1", "south-2", "south-3"]) });
  const client = await ClientUnderTest.begin(repository);
  await client.sync();
  expect(await shown(client)).toMatch(/programs\/north\/a .*programs\/south\/a/);
});

test("signatures on copies that were carried to two keys are put together; a file that is no copy is refused", async () => {
  const repository = untouched.copy();
  await changeKeys(repository.blobs, rotation("timestamp", signers.timestamp.key.id, testKey(20).key), repository.now);
  const staged = decodeSignedFile(repository.blobs.blobs.get("staged/root.json") ?? new Uint8Array(0), "root", 1e6);
  for (const signer of signers.root.slice(1)) expect(await collectSignatures(repository.blobs, await withSignatures(staged, [signer]), "copy")).toBe("root");
  await expect(collectSignatures(repository.blobs, { ...staged, signed: { ...(staged.signed as object), version: 3 } }, "copy")).rejects.toMatchObject({ code: "bad-draft" });
  expect(await repository.publish([], { signers: [...online, testKey(20)] })).toMatchObject({ root: 2, waiting: [] });
});

test("keys of a delegation and of its bins change, and clients follow; the revoked key then signs for nobody", async () => {
  const repository = untouched.copy();
  await repository.publish([program("a")]);
  const follower = await ClientUnderTest.begin(repository);
  await follower.sync();
  expect(await changeKeys(repository.blobs, revocation(signers.northBins.key.id, testKey(20).key), repository.now)).toEqual(["staged/north.json"]);
  await repository.signStaged("north", signers.north);
  await expect(repository.publish([])).rejects.toMatchObject({ code: "not-enough-signatures" });
  await repository.publish([], { signers: [signers.snapshot, signers.timestamp, testKey(20)] });
  await follower.sync();
  expect(await changeKeys(repository.blobs, rotation("north", signers.north.key.id, testKey(21).key), repository.now)).toEqual(["staged/targets.json", "staged/north.json"]);
  await repository.signStaged("targets", signers.targets);
  await repository.signStaged("north", testKey(21));
  await repository.publish([program("b")], { signers: [signers.snapshot, signers.timestamp, testKey(20)] });
  await follower.sync();
  expect(await shown(follower)).toMatch(/north\/a .*north\/b /);
});

test.each([
  ["a key that must stay for the threshold", () => revocation(signers.timestamp.key.id), "give another key in its place"],
  ["a key that is not the role's", () => rotation("timestamp", signers.snapshot.key.id, testKey(20).key), "is none of its keys"],
  ["a key that the role has already", () => rotation("root", signers.root[0].key.id, signers.root[1].key), "a key is given twice"],
])("%s is not changed", async (_, change, message) => {
  const repository = untouched.copy();
  await expect(changeKeys(repository.blobs, change(), repository.now)).rejects.toMatchObject({ code: "bad-draft", message: expect.stringContaining(message) });
});

test("expiry is told ahead, for bins, too, and a refresh signs anew what expires soon", async () => {
  const repository = untouched.copy();
  await repository.publish([program("a")]);
  const urgent = async () => (await repositoryHealth(repository.blobs, repository.now)).roles.filter(({ urgency }) => urgency !== "fine").map(({ role, urgency }) => `${role} ${urgency}`);
  expect(await urgent()).toEqual([]);
  repository.clock.advance(1.5 * day);
  expect(await urgent()).toEqual(["timestamp soon"]);
  repository.clock.advance(125 * day);
  expect(await urgent()).toEqual(["snapshot expired", "timestamp expired", "north-bins soon", "rx-bins soon"]);
  await repository.publish([], { refreshBefore: repository.now + 60 * 86_400 });
  expect(await urgent()).toEqual([]);
  const { roles } = await repositoryHealth(repository.blobs, repository.now);
  expect(roles.find(({ role }) => role === "north-bins")).toMatchObject({ bins: 2, targets: 1 });
});

test("files that are public never change but the timestamp: whatever a cache has kept is right", async () => {
  const repository = untouched.copy();
  const ever = new Map<string, string>();
  const look = (): void => {
    for (const [name, octets] of repository.blobs.blobs) {
      if (!name.startsWith("public/") || name.endsWith("timestamp.json")) continue;
      const text = Buffer.from(octets).toString("hex");
      expect(ever.get(name) ?? text, name).toBe(text);
      ever.set(name, text);
    }
  };
  for (let round = 0; round < 4; round++) {
    await repository.publish([program("a", `a ${round}`), program(`p${round}`)]);
    look();
    const cut = new RepositoryUnderTest();
    cut.blobs = repository.blobs.restarted(3);
    await expect(cut.publish([program("a", `never ${round}`)])).rejects.toThrow();
    repository.blobs = cut.blobs.restarted();
    look();
  }
  // And only the last two states lie there.
  expect((await repository.blobs.list("public/metadata")).filter((name) => name.includes("snapshot"))).toHaveLength(3);
  const client = await ClientUnderTest.begin(repository);
  await client.sync({ remote: remoteOf(repository.blobs.blobs) });
  expect(await shown(client)).toContain("programs/north/p3");
});
