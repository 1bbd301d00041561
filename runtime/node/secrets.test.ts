import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keyWrappingFrom } from "./key-wrapping.ts";
import { openSecrets, type Secrets } from "./secrets.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "metersmith-secrets-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const [one, two] = ["11".repeat(32), "22".repeat(32)];
const path = (): string => join(folder, "secrets.json");
const open = async (environment: NodeJS.ProcessEnv = {}): Promise<Secrets> => openSecrets(path(), await keyWrappingFrom(environment, folder));
const content = (): Promise<string> => readFile(path(), "utf8");

test("the file shows names and no secret, and opens with the key that was made beside it", async () => {
  await (await open()).ensure("site.app", () => "hunter2-canary");
  expect(await content()).toContain("site.app");
  expect(await content()).not.toContain("hunter2");
  expect((await stat(join(folder, "key"))).mode & 0o777).toBe(0o600);
  expect(await (await open()).ensure("site.app", () => "not asked for")).toBe("hunter2-canary");
});

test("what the first version wrote in clear is sealed as soon as it is opened", async () => {
  await writeFile(path(), JSON.stringify({ "site.app": "hunter2-canary" }));
  expect(await (await open()).ensure("site.app")).toBe("hunter2-canary");
  expect(await content()).not.toContain("hunter2");
});

test.each([
  ["METERSMITH_KEY", () => ({ METERSMITH_KEY: one })],
  ["METERSMITH_KEY_FILE", () => ({ METERSMITH_KEY_FILE: join(folder, "elsewhere") })],
])("with %s the key is not in the home at all, and nothing opens without it", async (_name, environment) => {
  await writeFile(join(folder, "elsewhere"), `${one}\n`);
  await (await open(environment())).ensure("a", () => "kept");
  expect(await readdir(folder)).not.toContain("key");
  await expect(open({ METERSMITH_KEY: two })).rejects.toMatchObject({ code: "secrets-unreadable", message: expect.not.stringContaining(two) });
  expect(await (await open(environment())).ensure("a")).toBe("kept");
});

test("a key is changed while both are there; afterwards the new one alone opens, and the old one no longer", async () => {
  await (await open({ METERSMITH_KEY: one })).ensure("a", () => "kept");
  const both = await open({ METERSMITH_KEY: `${two},${one}` });
  await both.rewrap();
  await both.ensure("b", () => "after");
  const after = await open({ METERSMITH_KEY: two });
  expect([await after.ensure("a"), await after.ensure("b")]).toEqual(["kept", "after"]);
  await expect(open({ METERSMITH_KEY: one })).rejects.toMatchObject({ code: "secrets-unreadable" });
});

test("where the key is gone no other is made in its place", async () => {
  await (await open()).ensure("a");
  await rm(join(folder, "key"));
  await expect(open()).rejects.toThrow("key is gone");
  expect(await readdir(folder)).toEqual(["secrets.json"]);
});

test("a sealed secret does not open under another's name", async () => {
  const secrets = await open();
  await secrets.ensure("mqtt", () => "low");
  await secrets.ensure("owner", () => "high");
  const file = JSON.parse(await content()) as { secrets: Record<string, string> };
  [file.secrets["mqtt"], file.secrets["owner"]] = [file.secrets["owner"] ?? "", file.secrets["mqtt"] ?? ""];
  await writeFile(path(), JSON.stringify(file));
  await expect(open()).rejects.toMatchObject({ code: "secrets-unreadable" });
});

test.each([["", "is not the file"], ["{}", undefined], ['{"format":"metersmith-secrets/2"}', "is not the file"], ['{"format":"metersmith-secrets/2","key":"x","secrets":{}}', "key is gone"], ['{"format":"metersmith-secrets/2","key":1,"secrets":{}}', "is not the file"]])(
  "a file holding %j is refused and left as it is, unless nothing was in it",
  async (text, why) => {
    await writeFile(path(), text);
    if (why === undefined) expect((await open()).names).toEqual([]);
    else await expect(open()).rejects.toThrow(why);
    expect(await content()).toBe(text);
  },
);

/** A key service that reverses what it is given: not a cipher, but another program that is asked both ways. */
const service = `#!/bin/sh\nread line\ncase "$1" in wrap|unwrap) printf '%s' "$line" | rev ;; *) exit 3 ;; esac\n`;

test("a key management service is asked to wrap and to unwrap, and holds the key alone", async () => {
  const command = join(folder, "kms");
  await writeFile(command, service);
  await chmod(command, 0o755);
  await (await open({ METERSMITH_KMS_COMMAND: command })).ensure("a", () => "kept");
  expect(await readdir(folder)).not.toContain("key");
  expect(await (await open({ METERSMITH_KMS_COMMAND: command })).ensure("a")).toBe("kept");
});

test.each([
  ["is not there", "/nonexistent/kms", "could not be run"],
  ["says no", "/bin/false", "gave no answer"],
  ["gives nothing", "/bin/true", "gave no answer"],
])("a key service that %s is told, and nothing is made up", async (_what, command, why) => {
  await expect(open({ METERSMITH_KMS_COMMAND: command })).rejects.toThrow(why);
});

test.each(["", "00", `${one}${two}`])("a key file holding %j is told by its name alone", async (text) => {
  await writeFile(join(folder, "key"), text);
  await expect(open()).rejects.toMatchObject({ code: "secrets-unreadable", message: expect.stringMatching(/key does not hold a key/) });
});
