import { digestOf } from "@metersmith/base/digest";
import { expect, test } from "vitest";
import { readLibrary, tidyStore } from "../index.ts";
import { ClientUnderTest, program, remoteOf, RepositoryUnderTest } from "../testing/repository-under-test.ts";

const paths = async (client: ClientUnderTest): Promise<string[]> => [...((await readLibrary(client.store))?.targets.keys() ?? [])].sort();

test("[MFG-3] a client gets what is published, by differences, and loses what was taken back", async () => {
  const repository = await RepositoryUnderTest.make("images", 3);
  await repository.publish(["a", "b", "c", "d"].map((name) => program(name)));
  const client = await ClientUnderTest.begin(repository);
  expect(await client.sync()).toMatchObject({ state: "updated", removed: [] });
  expect(await paths(client)).toEqual(["programs/north/a", "programs/north/b", "programs/north/c", "programs/north/d"]);
  expect(await client.sync()).toMatchObject({ state: "same", added: [] });

  await repository.publish([program("a", "a again"), program("e")], { remove: ["programs/north/b"] });
  const seen: string[] = [];
  const outcome = await client.sync({ remote: remoteOf(repository.blobs.blobs, seen) });
  expect(outcome.added.map(({ path }) => path).sort()).toEqual(["programs/north/a", "programs/north/e"]);
  expect(outcome.removed).toEqual(["programs/north/b"]);
  expect(await paths(client)).toEqual(["programs/north/a", "programs/north/c", "programs/north/d", "programs/north/e"]);
  // Of sixteen bins only those of three paths, and of five contents only two.
  expect(seen.filter((path) => /\.(north|rx)-\d/.test(path)).length).toBeLessThanOrEqual(3);
  expect(seen.filter((path) => path.startsWith("targets/"))).toHaveLength(2);
  const library = await readLibrary(client.store);
  const again = library?.targets.get("programs/north/a");
  expect(new TextDecoder().decode(again && (await client.store.target(again.digest)))).toBe("a again");
  expect(await tidyStore(client.store)).toBe(2);
});

test("[MFG-3] a client that follows one delegation fetches nothing of the others and fails by none of theirs", async () => {
  const repository = await RepositoryUnderTest.make();
  await repository.publish([program("a")]);
  for (const name of repository.blobs.blobs.keys()) if (/\.rx(-\d)?\.json$/.test(name)) repository.blobs.blobs.set(name, Uint8Array.of(1));
  const client = await ClientUnderTest.begin(repository);
  expect(await client.sync({ follows: (role) => role === "north" })).toMatchObject({ state: "updated" });
  await expect((await ClientUnderTest.begin(repository)).sync()).rejects.toMatchObject({ code: "bad-metadata" });
});

test("[MFG-3] a long transfer goes on where it was cut, also where the cut tore what was kept", async () => {
  const repository = await RepositoryUnderTest.make();
  const content = Uint8Array.from({ length: 900_000 }, (_, at) => (at * 7919) >> 3);
  await repository.publish([{ path: "firmware/rx/metrology-2.0", content, length: content.length, digest: digestOf(content) }]);
  const client = await ClientUnderTest.begin(repository);
  const asked: number[] = [];
  const cutAfter = (most: number) => ({
    async open(path: string, from: number, signal: AbortSignal) {
      const answer = await repository.remote().open(path, from, signal);
      if (!path.startsWith("targets/") || !answer.found) return answer;
      asked.push(from);
      const { chunks } = answer;
      async function* cut(): AsyncGenerator<Uint8Array> {
        let total = 0;
        for await (const chunk of chunks) {
          yield chunk;
          total += chunk.length;
          if (total >= most) throw new Error("the link broke");
        }
      }
      return { found: true as const, from, chunks: cut() };
    },
  });
  await expect(client.sync({ remote: cutAfter(400_000) })).rejects.toThrow("the link broke");
  await expect(client.sync({ remote: cutAfter(100_000) })).rejects.toThrow("the link broke");
  expect(await readLibrary(client.store)).toBeUndefined();
  const partial = [...client.blobs.blobs.keys()].find((name) => name.startsWith("partial/")) ?? "";
  expect(client.blobs.blobs.get(partial)?.length).toBe(458_752 + 131_072);
  // What the disk kept is torn: the digest finds it, and the transfer begins again by itself.
  client.blobs.blobs.get(partial)?.fill(0, 1000, 2000);
  await client.sync({ remote: cutAfter(Number.POSITIVE_INFINITY) });
  expect(asked).toEqual([0, 458_752, 589_824, 0]);
  expect(await paths(client)).toEqual(["firmware/rx/metrology-2.0"]);
  expect(await client.blobs.list("partial")).toEqual([]);
});
