import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { homePath, openHome } from "./home.ts";
import { keyWrappingFrom } from "./key-wrapping.ts";
import { openSecrets } from "./secrets.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-home-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const wrapping = () => keyWrappingFrom({ METERSMITH_KEY: "11".repeat(32) }, folder);

test("the home is METERSMITH_HOME, or .metersmith in the project", () => {
  expect(homePath({}, "/srv/project")).toBe("/srv/project/.metersmith");
  expect(homePath({ METERSMITH_HOME: "" }, "/srv/project")).toBe("/srv/project/.metersmith");
  expect(homePath({ METERSMITH_HOME: "/var/lib/metersmith" }, "/srv/project")).toBe("/var/lib/metersmith");
});

test("nobody else lists the home, and only its owner reads secrets, also where it was open before", async () => {
  await mkdir(join(folder, "home"), { mode: 0o755 });
  await chmod(join(folder, "home"), 0o755);
  const home = await openHome(join(folder, "home"));
  await home.secrets.ensure("one");
  expect((await stat(home.path)).mode & 0o066).toBe(0);
  for (const name of ["secrets.json", "logs", "run"]) expect((await stat(home.file(name))).mode & 0o077, name).toBe(0);
});

test("a secret is made once, kept, and never left half-written beside others", async () => {
  const path = join(folder, "secrets.json");
  const secrets = await openSecrets(path, await wrapping());
  const [first, again, other] = await Promise.all([secrets.ensure("a"), secrets.ensure("a"), secrets.ensure("b", () => "fixed")]);
  expect(first).toMatch(/^[\w-]{32}$/);
  expect([again, other]).toEqual([first, "fixed"]);
  const reopened = await openSecrets(path, await wrapping());
  expect(await reopened.ensure("a", () => "not asked for")).toBe(first);
  expect(await readdir(folder)).toEqual(["secrets.json"]);
});

test.each(["", "{", "[]", '{"a": 1}', "null"])("a secrets file holding %j is refused and left as it is", async (content) => {
  const path = join(folder, "secrets.json");
  await writeFile(path, content);
  await expect(openSecrets(path, await wrapping())).rejects.toMatchObject({ code: "secrets-unreadable" });
  expect(await readFile(path, "utf8")).toBe(content);
});

test.each([
  ["below a file", () => join(folder, "file", "home"), "a part of its path is a file"],
  ["on a file", () => join(folder, "file"), "it is a file"],
  ["in /proc, where making folders one below the other never ends", () => "/proc/metersmith/home", "no folder can be made there"],
  ["under a name that is too long", () => join(folder, "x".repeat(300)), "a name in its path is too long"],
  ["under a path too long for the databases in it", () => join(folder, ...Array<string>(5).fill("x".repeat(100))), "its path is too long"],
])("where no home can be made (%s), that is told with the way out", async (_where, path, why) => {
  await writeFile(join(folder, "file"), "", { mode: 0o644 });
  const message = expect.stringMatching(`${why}.*METERSMITH_HOME`);
  await expect(openHome(path())).rejects.toMatchObject({ code: "home-unusable", message });
  expect((await stat(join(folder, "file"))).mode & 0o777).toBe(0o644);
});
