import { expect, test } from "vitest";
import { readLibrary } from "../index.ts";
import { ClientUnderTest, program, RepositoryUnderTest } from "../testing/repository-under-test.ts";

const paths = async (client: ClientUnderTest): Promise<string[]> => [...((await readLibrary(client.store))?.targets.keys() ?? [])].sort();

test("a synchronization that is cut at any change of the store shows the state before or after, and the next one ends it", async () => {
  const repository = await RepositoryUnderTest.make();
  await repository.publish([program("a"), program("b")]);
  const ready = await ClientUnderTest.begin(repository);
  await ready.sync();
  await repository.publish([program("a", "a again"), program("c")]);
  const before = await paths(ready);
  const clean = await ClientUnderTest.begin(repository);
  clean.blobs = ready.blobs.restarted();
  await clean.sync();
  const after = await paths(clean);
  expect(clean.blobs.changes).toBeGreaterThan(8);
  for (let cut = 1; cut <= clean.blobs.changes; cut++) {
    const client = await ClientUnderTest.begin(repository);
    client.blobs = ready.blobs.restarted(cut);
    await expect(client.sync(), `cut ${cut}`).rejects.toThrow("the power is cut");
    client.blobs = client.blobs.restarted();
    expect([before, after], `cut ${cut}`).toContainEqual(await paths(client));
    for (const { digest } of (await readLibrary(client.store))?.targets.values() ?? []) expect(await client.store.hasTarget(digest)).toBe(true);
    await client.sync();
    expect(await paths(client)).toEqual(after);
  }
});
