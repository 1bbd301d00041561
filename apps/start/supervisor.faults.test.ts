import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chown, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort, isPortFree } from "@metersmith/node/free-port";
import { endProcess, gone, identifyProcess, isRunning, parseIdentity, type ProcessIdentity } from "@metersmith/node/process-identity";
import { readPostmaster } from "@metersmith/postgres/postmaster";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === "::1"));
const program = join(import.meta.dirname, "testing/fake-start.ts");

interface Start {
  readonly process: ChildProcess;
  readonly identity: ProcessIdentity;
  readonly lines: string[];
  /** Settles with the first line that holds the text, or with what was said when it ended without. */
  said(text: string): Promise<string>;
  readonly ended: Promise<number | null>;
}

function start(home: string, port: number, ids: { uid?: number; gid?: number } = {}): Start {
  const child = spawn(process.execPath, [program, home, String(port)], { stdio: ["ignore", "pipe", "inherit"], ...ids });
  const lines: string[] = [];
  const waiting: { text: string; resolve: (line: string) => void }[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    for (const one of waiting) if (line.includes(one.text)) one.resolve(line);
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  const identity = identifyProcess(child.pid ?? 0);
  if (!identity) throw new Error("the start did not start");
  return {
    process: child,
    identity,
    lines,
    ended,
    async said(text) {
      const seen = lines.find((line) => line.includes(text));
      if (seen !== undefined) return seen;
      return Promise.race([new Promise<string>((resolve) => waiting.push({ text, resolve })), ended.then(() => lines.join("\n"))]);
    },
  };
}

/** Ends whatever a test left running on a home. */
async function clear(home: string): Promise<void> {
  const children = await childrenOf(home);
  for (const child of children) await endProcess(child, [{ signal: "SIGKILL", waitMs: 5000 }]);
  const postgres = readPostmaster(join(home, "postgres/data"));
  if (postgres) await endProcess(postgres.process, [{ signal: "SIGQUIT", waitMs: 5000 }]);
}

async function childrenOf(home: string): Promise<ProcessIdentity[]> {
  const files = existsSync(join(home, "run")) ? await readdir(join(home, "run")) : [];
  const identities = await Promise.all(files.map(async (file) => parseIdentity(await readFile(join(home, "run", file), "utf8"))));
  return identities.filter((identity) => identity !== undefined);
}

let home: string;
let port: number;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "metersmith-start-"));
});
beforeEach(async () => {
  do port = await freePort();
  while (!(await isPortFree(port + 1)));
});
afterEach(() => clear(home));
afterAll(() => rm(home, { recursive: true, force: true }));

// One home through all of it: each start is made on what the one before left, the first on nothing.
test.each(["state", "PostgreSQL", "databases", "MQTT broker", "console", "sites and street", "running"])(
  "killed at the step %s, it ends its children, and the next start recovers",
  async (step) => {
    const cut = start(home, port);
    await cut.said(`… ${step}`);
    const children = await childrenOf(home);
    process.kill(cut.identity.pid, "SIGKILL");
    await cut.ended;
    for (const child of children) expect(await gone(child, 10_000), "a child outlived its supervisor").toBe(true);

    const again = start(home, port);
    expect(await again.said("running")).toBe("… running");
    again.process.kill("SIGTERM");
    expect(await again.ended).toBe(0);
    expect(readPostmaster(join(home, "postgres/data"))).toBeUndefined();
    expect(await childrenOf(home)).toEqual([]);
    expect(existsSync(join(home, "lock"))).toBe(false);
  },
);

test("PostgreSQL that a killed supervisor left is attached to, not started again", async () => {
  const cut = start(home, port);
  await cut.said("… running");
  const before = readPostmaster(join(home, "postgres/data"));
  process.kill(cut.identity.pid, "SIGKILL");
  await cut.ended;
  const again = start(home, port);
  expect(await again.said("✓ PostgreSQL")).toContain("attached");
  expect(readPostmaster(join(home, "postgres/data"))).toEqual(before);
  await again.said("… running");
  again.process.kill("SIGTERM");
  await again.ended;
});

test("PostgreSQL killed together with its supervisor recovers at the next start", async () => {
  const cut = start(home, port);
  await cut.said("… running");
  const postgres = readPostmaster(join(home, "postgres/data"));
  process.kill(cut.identity.pid, "SIGKILL");
  process.kill(postgres?.process.pid ?? 0, "SIGKILL");
  await cut.ended;
  const again = start(home, port);
  expect(await again.said("running")).toBe("… running");
  again.process.kill("SIGTERM");
  expect(await again.ended).toBe(0);
});

test.each(["started", "attached"])("PostgreSQL that was %s and ends by itself is noticed and named with its log", async (how) => {
  if (how === "attached") {
    const earlier = start(home, port);
    await earlier.said("… running");
    process.kill(earlier.identity.pid, "SIGKILL");
    await earlier.ended;
  }
  const running = start(home, port);
  expect(await running.said("✓ PostgreSQL")).toContain(how);
  await running.said("… running");
  const pid = readPostmaster(join(home, "postgres/data"))?.process.pid ?? 0;
  process.kill(pid, "SIGKILL");
  expect(await running.said("failed:")).toContain(`PostgreSQL ended by itself (process ${pid}); see ${join(home, "postgres/postgres.log")}`);
  await running.ended;
  expect(await childrenOf(home)).toEqual([]);
});

test("a child that is stuck when its supervisor dies is found by its number and start, and ended", async () => {
  const cut = start(home, port);
  await cut.said("… running");
  const [child] = await childrenOf(home);
  if (!child) throw new Error("no child");
  process.kill(child.pid, "SIGSTOP");
  process.kill(cut.identity.pid, "SIGKILL");
  await cut.ended;
  expect(isRunning(child)).toBe(true);
  const again = start(home, port);
  await again.said("… running");
  expect(again.lines.join("\n")).toContain("ended what an earlier run had left");
  expect(isRunning(child)).toBe(false);
  again.process.kill("SIGTERM");
  await again.ended;
});

test("a second start on the same state is refused, naming the process, and the first goes on", async () => {
  const first = start(home, port);
  await first.said("… running");
  const second = start(home, port);
  expect(await second.said("failed:")).toContain(`already runs on this state (process ${first.identity.pid}`);
  expect(await second.ended).toBe(1);
  expect(await isPortFree(port)).toBe(false);
  first.process.kill("SIGTERM");
  expect(await first.ended).toBe(0);
});

test("a lock whose process number something else has now is taken over", async () => {
  await writeFile(join(home, "lock"), JSON.stringify({ pid: process.pid, start: "another boot:1" }));
  const started = start(home, port);
  expect(await started.said("running")).toBe("… running");
  started.process.kill("SIGTERM");
  expect(await started.ended).toBe(0);
});

test("a taken port is named together with the option that moves it, before anything is started", async () => {
  const other = createServer().listen(port + 1, "127.0.0.1");
  const started = start(home, port);
  expect(await started.said("failed:")).toMatch(new RegExp(`port ${port + 1} is taken .*--port`));
  expect(await started.ended).toBe(1);
  expect(started.lines.join("\n")).not.toContain("PostgreSQL");
  await new Promise((resolve) => other.close(resolve));
});

test.runIf(hasIpv6)("a port taken under ::1 alone is refused too: localhost might lead there", async () => {
  const other = createServer().listen({ port, host: "::1", ipv6Only: true });
  const started = start(home, port);
  expect(await started.said("failed:")).toContain(`port ${port} is taken`);
  await started.ended;
  await new Promise((resolve) => other.close(resolve));
});

test("asked to stop in the middle of a start, it ends what it had begun", async () => {
  const started = start(home, port);
  await started.said("… sites and street");
  started.process.kill("SIGTERM");
  expect(await started.ended).toBe(130);
  expect(readPostmaster(join(home, "postgres/data"))).toBeUndefined();
  expect(await childrenOf(home)).toEqual([]);
});

test.runIf(process.getuid?.() === 0)("it runs under an account without rights as well", async () => {
  const own = await mkdtemp(join(tmpdir(), "metersmith-start-plain-"));
  await chown(own, 65_534, 65_534);
  const started = start(own, port, { uid: 65_534, gid: 65_534 });
  expect(await started.said("running")).toBe("… running");
  started.process.kill("SIGTERM");
  expect(await started.ended).toBe(0);
  await rm(own, { recursive: true, force: true });
});
