import { execFile, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
let folder: string;

function repository(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, "repository", ...args], { cwd: folder, env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") } }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

const withPassphrase = ["--passphrase-file", "passphrase"] as const;
const sign = (file: string, key: string) => repository("sign", file, "--key", `${key}.secret.json`, ...withPassphrase, "--json");
const publish = (...more: readonly string[]) => repository("publish", "repo", "--key", "online.secret.json", "bins.secret.json", ...withPassphrase, "--json", ...more);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-repository-"));
  await writeFile(join(folder, "passphrase"), "correct horse battery\n", { mode: 0o600 });
  const made = await Promise.all(["anna", "ben", "online", "bins", "next"].map((name) => repository("keygen", name, ...withPassphrase, "--json")));
  for (const one of made) expect(one).toMatchObject({ code: 0, err: "" });
  await writeFile(join(folder, "et2"), "a program");
  expect(await repository("init", "repo", "--root", "anna.public.json", "ben.public.json", "--targets", "anna.public.json", "--snapshot", "online.public.json", "--timestamp", "online.public.json")).toMatchObject({ code: 0, err: "" });
  expect(await repository("delegate", "repo", "north", "--paths", "programs/north/*", "--key", "anna.public.json", "--bins-key", "bins.public.json", "--bits", "2")).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

test("every command's help shows an example", async () => {
  const commands = ["keygen", "init", "delegate", "sign", "rotate", "revoke", "publish", "bundle", "status", "sync", "serve"];
  const helps = await Promise.all(commands.map((command) => repository(command, "--help")));
  helps.forEach((help, at) => expect(help).toMatchObject({ code: 0, out: expect.stringContaining(`Example:\n  npx metersmith repository ${commands[at]}`) }));
});

test("a secret key is its owner's alone, sealed, and opens by its passphrase only", async () => {
  expect((await stat(join(folder, "anna.secret.json"))).mode & 0o777).toBe(0o600);
  expect(Object.keys(JSON.parse(await readFile(join(folder, "anna.secret.json"), "utf8")) as object)).toEqual(["format", "publicKey", "secret"]);
  await writeFile(join(folder, "wrong"), "another one\n", { mode: 0o600 });
  expect(await repository("sign", "repo/staged/root.json", "--key", "anna.secret.json", "--passphrase-file", "wrong")).toMatchObject({ code: 3, err: expect.stringContaining("does not open") });
  await chmod(join(folder, "wrong"), 0o644);
  expect(await repository("sign", "repo/staged/root.json", "--key", "anna.secret.json", "--passphrase-file", "wrong")).toMatchObject({ code: 3, err: expect.stringContaining("chmod 600") });
  expect(await repository("keygen", "anna", ...withPassphrase)).toMatchObject({ code: 3, err: expect.stringContaining("is there already") });
});

test("[MFG-2][MFG-3] a ceremony from the first key to a tool that follows, by web and by bundle, and a key that is revoked", async () => {
  expect(await publish()).toMatchObject({ code: 3, out: expect.stringContaining("nothing can be published yet: root: 0 of 2 signatures") });
  // One copy is signed here, the other is carried to another machine and back.
  await writeFile(join(folder, "carried.json"), await readFile(join(folder, "repo/staged/root.json")));
  const signed = await Promise.all([...["root", "targets", "north"].map((role) => sign(`repo/staged/${role}.json`, "anna")), sign("carried.json", "ben")]);
  for (const one of signed) expect(one).toMatchObject({ code: 0 });
  const first = await publish("--signed", "carried.json", "--add", "et2", "--to", "programs/north");
  expect(JSON.parse(first.out)).toMatchObject({ ok: true, root: 1, snapshot: 1, added: 1, waiting: [] });
  expect(await repository("status", "repo", "--json")).toMatchObject({ code: 0, out: expect.stringContaining('"targets":1') });

  const served = spawn(process.execPath, [main, "repository", "serve", "repo", "--json"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const line = await new Promise<string>((resolve) => served.stdout.once("data", (octets: Buffer) => resolve(String(octets))));
    const { address } = JSON.parse(line) as { address: string };
    const sync = (...more: readonly string[]) => repository("sync", address, "--into", "library", "--json", ...more);
    expect(JSON.parse((await sync("--root", "repo/public/metadata/1.root.json")).out)).toMatchObject({ ok: true, state: "updated", added: ["programs/north/et2"], currency: "current" });
    expect(JSON.parse((await sync()).out)).toMatchObject({ state: "same" });
    expect(await repository("revoke", "repo", "online.public.json", "--replace-by", "next.public.json")).toMatchObject({ code: 0, out: expect.stringContaining("repo/staged/root.json") });
    for (const key of ["anna", "ben"]) expect(await sign("repo/staged/root.json", key)).toMatchObject({ code: 0 });
    await writeFile(join(folder, "et3"), "another program");
    const second = await repository("publish", "repo", "--key", "next.secret.json", "bins.secret.json", ...withPassphrase, "--json", "--add", "et3", "--to", "programs/north", "--remove", "programs/north/et2");
    expect(JSON.parse(second.out)).toMatchObject({ ok: true, root: 2, snapshot: 2 });
    expect(await publish()).toMatchObject({ code: 4, out: expect.stringContaining("not-enough-signatures") });
    expect(JSON.parse((await sync()).out)).toMatchObject({ state: "updated", added: ["programs/north/et3"], removed: ["programs/north/et2"] });
  } finally {
    served.kill("SIGTERM");
  }
  expect(await repository("bundle", "repo", "--out", "north.bundle", "--only", "north", "--json")).toMatchObject({ code: 0 });
  const imported = await repository("sync", "north.bundle", "--into", "air-gap", "--root", "repo/public/metadata/1.root.json", "--json");
  expect(JSON.parse(imported.out)).toMatchObject({ ok: true, added: ["programs/north/et3"], currency: "current" });
  const whole = await readFile(join(folder, "north.bundle"));
  whole[whole.length - 1] = (whole.at(-1) ?? 0) ^ 1;
  await writeFile(join(folder, "changed.bundle"), whole);
  expect(await repository("sync", "changed.bundle", "--into", "other", "--root", "repo/public/metadata/1.root.json", "--json")).toMatchObject({ code: 4, out: expect.stringContaining("bad-target") });
});
