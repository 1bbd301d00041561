import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BlobStore, MemoryBlobs } from "@metersmith/base/blob-store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FolderStore } from "./folder-store.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-blobs-"));
});
afterEach(() => rm(folder, { recursive: true }));

const text = async (store: BlobStore, name: string): Promise<string | undefined> => {
  const octets = await store.read(name);
  return octets && Buffer.from(octets).toString();
};
const of = (content: string): Uint8Array => new TextEncoder().encode(content);

describe.each([["a folder", () => new FolderStore(folder)], ["memory", () => new MemoryBlobs()]] as const)("blobs in %s", (_, make) => {
  test("are written, replaced, added to, moved, listed and removed", async () => {
    const store = make();
    expect([await store.read("a/b"), await store.size("a/b"), await store.list("a")]).toEqual([undefined, undefined, []]);
    await store.write(new Map([["a/b", of("one")], ["a/c.d/e", of("two")], ["f", of("three")]]));
    await store.write(new Map([["a/b", of("four")]]));
    await store.append("a/g", of("fi"));
    await store.append("a/g", of("ve"));
    expect([await text(store, "a/b"), await text(store, "a/c.d/e"), await text(store, "a/g"), await store.size("f")]).toEqual(["four", "two", "five", 5]);
    expect([await store.list(""), await store.list("a"), await store.list("a/b")]).toEqual([["a", "f"], ["b", "c.d", "g"], []]);
    await store.move("a/g", "a/b");
    await store.remove(["f", "nothing"]);
    expect([await text(store, "a/b"), await store.list("")]).toEqual(["five", ["a"]]);
  });
});

test("no name leads out of the folder, and what a crash left half-made is not listed", async () => {
  const store = new FolderStore(folder, 0o600);
  for (const name of ["../a", "/a", "a/../b", "", ".a", "a//b", "a\0b"]) await expect(store.write(new Map([[name, of("x")]])), name).rejects.toMatchObject({ code: "blob-name" });
  await store.write(new Map([["a", of("x")]]));
  await writeFile(join(folder, ".00ff.new"), "half");
  expect(await store.list("")).toEqual(["a"]);
  expect((await stat(join(folder, "a"))).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toHaveLength(2);
});
