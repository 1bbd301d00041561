import { concatBytes } from "@metersmith/base/bytes";
import { expect, test } from "vitest";
import { makeBundle, openBundle, readLibrary, usability, type ReadableFile } from "../index.ts";
import { ClientUnderTest, program, RepositoryUnderTest } from "../testing/repository-under-test.ts";

const day = 86_400_000;

const fileOf = (octets: Uint8Array): ReadableFile => ({ size: octets.length, read: async (offset, length) => octets.slice(offset, offset + length) });

async function bundleOf(repository: RepositoryUnderTest, only = (_: string): boolean => true): Promise<Uint8Array> {
  const bundle = await makeBundle(repository.blobs, only);
  const parts: Uint8Array[] = [];
  for await (const chunk of bundle.chunks) parts.push(chunk);
  const whole = concatBytes(...parts);
  expect(whole.length).toBe(bundle.octets);
  return whole;
}

test("[MFG-3] a bundle carries the state to where no network reaches, of the delegations asked for", async () => {
  const repository = await RepositoryUnderTest.make();
  await repository.publish([program("a"), program("b")]);
  const client = await ClientUnderTest.begin(repository);
  const remote = await openBundle(fileOf(await bundleOf(repository, (name) => name === "north")));
  expect(await client.sync({ remote, fromBundle: true, follows: (name) => name === "north" })).toMatchObject({ state: "updated" });
  expect([...((await readLibrary(client.store))?.targets.keys() ?? [])].sort()).toEqual(["programs/north/a", "programs/north/b"]);
});

test("[MFG-3] a bundle that travelled for weeks is taken, stale at once; by wire the same is refused, and an older one after it, too", async () => {
  const repository = await RepositoryUnderTest.make();
  await repository.publish([program("a")]);
  const older = await openBundle(fileOf(await bundleOf(repository)));
  await repository.publish([program("b")]);
  const bundle = await openBundle(fileOf(await bundleOf(repository)));
  repository.clock.advance(20 * day);
  const client = await ClientUnderTest.begin(repository);
  await expect(client.sync({ remote: bundle })).rejects.toMatchObject({ code: "expired" });
  await client.sync({ remote: bundle, fromBundle: true });
  expect(usability(await readLibrary(client.store), repository.now)).toMatchObject({ currency: "stale", may: ["install-program", "compare-program"] });
  await expect(client.sync({ remote: older, fromBundle: true })).rejects.toMatchObject({ code: "rolled-back" });
  repository.clock.advance(20 * day);
  await expect((await ClientUnderTest.begin(repository)).sync({ remote: bundle, fromBundle: true })).rejects.toMatchObject({ code: "expired" });
});

test("a file that is no bundle, is cut, or has more than it lists, is refused before anything is read of it", async () => {
  const repository = await RepositoryUnderTest.make();
  const bundle = await bundleOf(repository);
  const text = (octets: string): Uint8Array => new TextEncoder().encode(octets);
  const list = (files: string): Uint8Array => text(`metersmith-bundle-1 ${String(files.length).padStart(8, "0")}\n${files}`);
  for (const octets of [
    new Uint8Array(0), text("PK\u0003\u0004"), bundle.slice(0, -1), concatBytes(bundle, Uint8Array.of(0)), bundle.slice(0, 100), list('{"files":[{"path":"../x","size":0}]}'),
    list('{"files":[{"path":"metadata/a","size":0},{"path":"metadata/a","size":0}]}'), list('{"files":[{"path":"metadata/a","size":-1}]}'), text("metersmith-bundle-1 99999999\n"),
  ]) {
    await expect(openBundle(fileOf(octets))).rejects.toMatchObject({ code: expect.stringMatching(/^(bad-metadata|too-large)$/) });
  }
});

test("whatever octet of a bundle is changed, what is taken from it is what was published, or nothing", async () => {
  const repository = await RepositoryUnderTest.make();
  await repository.publish([program("a", "the program")]);
  const bundle = await bundleOf(repository, (name) => name === "north");
  for (let at = 11; at < bundle.length; at += 397) {
    const changed = bundle.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    const client = await ClientUnderTest.begin(repository);
    const outcome = await openBundle(fileOf(changed)).then((remote) => client.sync({ remote, fromBundle: true, follows: (name) => name === "north" })).then(() => "taken", (error: { kind: string }) => error.kind);
    const target = (await readLibrary(client.store))?.targets.get("programs/north/a");
    // The old root that begins the chain is not read again: only there a change goes unseen.
    if (outcome === "taken") expect(Buffer.from((target && (await client.store.target(target.digest))) ?? []).toString()).toBe("the program");
    else expect(outcome).toBe("peer-data");
  }
});
