import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

/** A project with one dependency, and an npm of ours that installs it as the real one records it. */
const fakeNpm = `
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
appendFileSync("calls", process.argv.slice(2).join(" ") + "\\n");
rmSync("node_modules", { recursive: true, force: true });
mkdirSync("node_modules/thing", { recursive: true });
if (process.env.FAKE_NPM === "fail") { console.error("npm error code ENOTFOUND\\nnpm error request to the registry failed"); process.exit(1); }
if (process.env.FAKE_NPM === "hang") { console.log("hanging"); await new Promise((resolve) => setTimeout(resolve, 30000)); }
await new Promise((resolve) => setTimeout(resolve, 300));
writeFileSync("node_modules/thing/package.json", "{}");
if (process.env.FAKE_NPM !== "forgets") writeFileSync("node_modules/.package-lock.json", readFileSync("package-lock.json"));
`;
const lockfile = (version: string): string => JSON.stringify({ packages: { "": {}, "node_modules/thing": { version } } });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-ensure-"));
  await mkdir(join(folder, "scripts"));
  await cp(join(dirname(fileURLToPath(import.meta.url)), "ensure.mjs"), join(folder, "scripts/ensure.mjs"));
  await writeFile(join(folder, "npm-fake.mjs"), fakeNpm);
  await writeFile(join(folder, "package.json"), "{}");
  await writeFile(join(folder, "package-lock.json"), lockfile("1.0.0"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function start(environment: NodeJS.ProcessEnv = {}, ownGroup = false): { pid: number; ended: Promise<{ code: number | null; said: string }> } {
  const env = { ...process.env, npm_execpath: join(folder, "npm-fake.mjs"), ...environment };
  const child = spawn(process.execPath, [join(folder, "scripts/ensure.mjs")], { env, detached: ownGroup, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  return { pid: child.pid ?? 0, ended: new Promise((resolve) => child.once("close", (code) => resolve({ code, said }))) };
}
const ensure = (environment?: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> => start(environment).ended;
const calls = async (): Promise<number> => (await readFile(join(folder, "calls"), "utf8").catch(() => "")).split("\n").length - 1;

test("it installs what is missing, development dependencies in any case, and then has nothing to say", async () => {
  expect(await ensure({ NODE_ENV: "production" })).toMatchObject({ code: 0, said: expect.stringContaining("Installing") });
  expect(await readFile(join(folder, "calls"), "utf8")).toMatch(/^ci --include=dev --include=optional /);
  expect(await ensure()).toEqual({ code: 0, said: "" });
  expect(await calls()).toBe(1);
});

test("it installs again when the lockfile pins another version, or when a package has been removed", async () => {
  await ensure();
  await writeFile(join(folder, "package-lock.json"), lockfile("1.0.1"));
  await ensure();
  expect(await calls()).toBe(2);
  await rm(join(folder, "node_modules/thing"), { recursive: true });
  await ensure();
  expect(await calls()).toBe(3);
});

test("two at once install once", async () => {
  const both = await Promise.all([ensure(), ensure()]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(await calls()).toBe(1);
});

test("where npm fails, its last words and what to do are told, without a stack, and the next try starts anew", async () => {
  const { code, said } = await ensure({ FAKE_NPM: "fail" });
  expect(code).toBe(1);
  expect(said).toContain("request to the registry failed");
  expect(said).toContain("check the network and the proxy");
  expect(said).not.toMatch(/\n\s+at /);
  expect(await ensure()).toMatchObject({ code: 0 });
});

test("an install that goes on after its parent was killed is waited for", async () => {
  const cut = start();
  while ((await calls()) === 0) await new Promise((resolve) => setImmediate(resolve));
  process.kill(cut.pid, "SIGKILL");
  const next = await ensure();
  expect(next).toMatchObject({ code: 0, said: expect.stringContaining("waiting for it") });
  expect(await calls()).toBe(1);
});

test("an install that was killed in the middle is not taken for done", async () => {
  const cut = start({ FAKE_NPM: "hang" }, true);
  while ((await calls()) === 0) await new Promise((resolve) => setImmediate(resolve));
  process.kill(-cut.pid, "SIGKILL");
  await cut.ended;
  expect(await ensure()).toMatchObject({ code: 0 });
  expect(await calls()).toBe(2);
});

test("where npm leaves out the link to the pinned Node, it is made, and again when it is gone", async () => {
  await writeFile(join(folder, "npm-fake.mjs"), `${fakeNpm}
    mkdirSync("node_modules/node-linux-" + process.arch + "/bin", { recursive: true });
    writeFileSync("node_modules/node-linux-" + process.arch + "/bin/node", "the pinned Node");`);
  const link = join(folder, "node_modules/.bin/node");
  for (let round = 0; round < 2; round++) {
    expect(await ensure()).toMatchObject({ code: 0 });
    expect(await readFile(link, "utf8")).toBe("the pinned Node");
    await rm(link);
  }
  expect(await calls()).toBe(1);
});

test("an npm that reports success without installing is found out", async () => {
  expect(await ensure({ FAKE_NPM: "forgets" })).toMatchObject({ code: 1, said: expect.stringContaining("node_modules/thing is not installed as pinned") });
});

test("the part for this machine must be there, the parts for others need not", async () => {
  const own = { version: "1.0.0", optional: true, os: [process.platform], cpu: [process.arch] };
  const packages = { "": {}, "node_modules/other": { version: "1.0.0", optional: true, os: ["aix"] }, "node_modules/thing": own };
  await writeFile(join(folder, "package.json"), JSON.stringify({ optionalDependencies: { other: "1.0.0", thing: "1.0.0" } }));
  await writeFile(join(folder, "package-lock.json"), JSON.stringify({ packages }));
  expect(await ensure({ FAKE_NPM: "forgets" })).toMatchObject({ code: 1, said: expect.stringContaining("node_modules/thing") });
  expect(await ensure()).toMatchObject({ code: 0 });
});
