import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const undo: (() => unknown)[] = [];
let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "neighbourhood-"));
  undo.push(() => rm(home, { recursive: true }));
});
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

interface Run {
  readonly child: ChildProcess;
  /** The next object that is told. */
  next(): Promise<Record<string, unknown>>;
  readonly ended: Promise<number | null>;
}

/** As a terminal starts it: a group of processes of its own, which Ctrl-C reaches as a whole. */
function run(...args: readonly string[]): Run {
  const child = spawn(process.execPath, [main, "meters", "run", "--home", home, "--port", "0", "--base", "127.83.0.0", "--json", ...args], { detached: true, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ended = once(child, "exit").then(([code]) => code as number | null);
  undo.push(async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, "SIGKILL");
    await ended;
  });
  return { child, ended, next: async () => JSON.parse((await lines.next()).value as string) as Record<string, unknown> };
}

const serials = async (): Promise<unknown> => (JSON.parse(await readFile(join(home, "as-built.json"), "utf8")) as { meters: { serial: string; passwords: unknown }[] }).meters.map(({ serial, passwords }) => [serial, passwords]);

test("a neighbourhood lives through kill -9 with its meters and where its scenario was; Ctrl-C ends it in order", async () => {
  const scenario = join(home, "s.json");
  await writeFile(scenario, JSON.stringify({
    title: "t", about: "a", timeFactor: 60,
    happenings: [{ name: "first", atMinutes: 0, meters: { fraction: 0.1 }, provoke: { kind: "cover-open" } }, { name: "second", atMinutes: 525_600, provoke: { kind: "cover-open" } }],
  }));
  const first = run("--count", "40", "--scenario", scenario);
  expect(await first.next()).toMatchObject({ event: "ready", meters: 40, first: "127.83.0.1", last: "127.83.0.40" });
  expect(await first.next()).toMatchObject({ event: "begins", name: "first", meters: 4 });
  const made = await serials();
  process.kill(-first.child.pid!, "SIGKILL");
  await first.ended;

  const second = run("--count", "40", "--scenario", scenario);
  // Nothing begins anew.
  expect(await second.next()).toMatchObject({ event: "ready", meters: 40 });
  expect(await serials()).toEqual(made);
  process.kill(-second.child.pid!, "SIGINT");
  expect(await second.next()).toEqual({ event: "stopped" });
  expect(await second.ended).toBe(0);
});

test("the meters end with the command, however that ends, and their state is free again", async () => {
  const first = run("--count", "1");
  await first.next();
  first.child.kill("SIGKILL");
  expect(await first.next()).toEqual({ event: "stopped" });
  const second = run("--count", "1");
  expect(await second.next()).toMatchObject({ event: "ready", meters: 1 });
  second.child.kill("SIGTERM");
  expect(await second.next()).toEqual({ event: "stopped" });
  expect(await second.ended).toBe(0);
});

test("a scenario that is none is refused with its place, and nothing is started", async () => {
  const scenario = join(home, "s.json");
  await writeFile(scenario, JSON.stringify({ title: "t", about: "a", happenings: [{ name: "n", atMinutes: -1, provoke: { kind: "cover-open" } }] }));
  const child = spawn(process.execPath, [main, "meters", "run", "--home", home, "--scenario", scenario], { stdio: ["ignore", "pipe", "pipe"] });
  let told = "";
  child.stderr.on("data", (chunk: Buffer) => (told += chunk.toString()));
  expect((await once(child, "close"))[0]).toBe(3);
  expect(told).toContain("happenings[0].atMinutes");
});
