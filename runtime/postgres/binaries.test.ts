import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { linksAreMade } from "./binaries.ts";

let folder: string;
let native: string;
let links: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-binaries-"));
  native = join(folder, "package/native");
  links = join(folder, "links");
  await mkdir(join(native, "lib"), { recursive: true });
  await writeFile(join(native, "lib/libpq.so.5.18"), "library");
  await writeFile(join(native, "pg-symlinks.json"), JSON.stringify([{ source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" }]));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("where install scripts were blocked, the links are made elsewhere, once, and the package stays as it is", async () => {
  expect(await linksAreMade(native, links)).toBe(true);
  expect(await linksAreMade(native, links)).toBe(true);
  expect(await readFile(join(links, "libpq.so.5"), "utf8")).toBe("library");
  expect(await readdir(join(native, "lib"))).toEqual(["libpq.so.5.18"]);
});

test("where the package has its links, none are made", async () => {
  await symlink("libpq.so.5.18", join(native, "lib/libpq.so.5"));
  expect(await linksAreMade(native, links)).toBe(false);
  expect(await readdir(folder)).toEqual(["package"]);
});

test("links to where the project was before it moved are made anew", async () => {
  await mkdir(links);
  await symlink("/nowhere/libpq.so.5.18", join(links, "libpq.so.5"));
  expect(await linksAreMade(native, links)).toBe(true);
  expect(await readFile(join(links, "libpq.so.5"), "utf8")).toBe("library");
});
