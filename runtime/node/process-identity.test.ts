import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeLock } from "./lock.ts";
import { endProcess, identifyProcess, isRunning, parseIdentity } from "./process-identity.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a process is known by its number and its start, and gone when it has ended", async () => {
  // A command with spaces and parentheses in its name shifts fields for whoever splits the line simply.
  const child = spawn(process.execPath, ["-e", "process.title = ') S (x'; process.stdout.write('up'); setInterval(() => {}, 1000)"]);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  const identity = identifyProcess(child.pid ?? 0);
  if (!identity) throw new Error("not found");
  expect(isRunning(identity)).toBe(true);
  expect(isRunning({ ...identity, start: `${identity.start}1` })).toBe(false);
  expect(await endProcess({ ...identity, start: "another" }, [{ signal: "SIGKILL", waitMs: 0 }])).toBe(true);
  expect(isRunning(identity)).toBe(true);
  expect(await endProcess(identity, [{ signal: "SIGTERM", waitMs: 5000 }])).toBe(true);
  expect(isRunning(identity)).toBe(false);
});

test("what is no process number has no identity, and what is no identity is not read as one", () => {
  for (const pid of [0, -1, 1.5, Number.NaN]) expect(identifyProcess(pid)).toBeUndefined();
  for (const text of ["", "null", "{}", '{"pid":"1","start":"x"}', "[1]"]) expect(parseIdentity(text)).toBeUndefined();
});

test("a lock is held once, named to others, and free after its release", async () => {
  const path = join(folder, "lock");
  const lock = await takeLock(path);
  await expect(takeLock(path)).rejects.toMatchObject({ code: "home-in-use", message: expect.stringContaining(String(process.pid)) });
  await lock.release();
  await (await takeLock(path)).release();
  expect(await readdir(folder)).toEqual([]);
});

test.each([["another process's, long gone", JSON.stringify({ pid: 2 ** 22 + 1, start: "boot:1" })], ["cut short", '{"pid": 12'], ["empty", ""]])(
  "a lock that is %s is taken over",
  async (_, content) => {
    const path = join(folder, "lock");
    await writeFile(path, content);
    const lock = await takeLock(path);
    expect(parseIdentity(await readFile(path, "utf8"))).toEqual(identifyProcess(process.pid));
    await lock.release();
  },
);
