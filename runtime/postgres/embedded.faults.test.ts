import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { endProcess } from "@metersmith/node/process-identity";
import { type PostgresServer, startPostgres } from "./embedded.ts";
import { useExternalPostgres } from "./external.ts";
import { readPostmaster } from "./postmaster.ts";

let top: string;
/** One cluster for all tests that need one, in the state the test before left. */
let folder: string;
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), "metersmith-embedded-"));
  // Any account may pass, as in most places; the last test closes the way.
  await chmod(top, 0o711);
  folder = join(top, "cluster");
});
afterAll(() => rm(top, { recursive: true, force: true }));
afterEach(async () => {
  for (const name of await readdir(top)) {
    const left = readPostmaster(join(top, name, "data"));
    if (left) await endProcess(left.process, [{ signal: "SIGQUIT", waitMs: 5000 }]);
  }
});

async function ask<Row extends pg.QueryResultRow>(server: PostgresServer, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: server.adminUrl });
  await client.connect();
  const { rows } = await client.query<Row>(sql);
  await client.end();
  return rows;
}
const kill = async (): Promise<void> => {
  const running = readPostmaster(join(folder, "data"));
  if (running) await endProcess(running.process, [{ signal: "SIGKILL", waitMs: 5000 }]);
};

test("made new, it waits for the disk, keeps checksums, wants a password, and listens on this machine alone", async () => {
  const server = await startPostgres({ folder });
  expect(server.how).toBe("made");
  const [settings] = await ask(
    server,
    `select current_setting('fsync') as fsync, current_setting('data_checksums') as checksums, current_setting('listen_addresses') as listens,
            current_setting('server_encoding') as encoding, current_setting('password_encryption') as passwords`,
  );
  expect(settings).toEqual({ fsync: "on", checksums: "on", listens: "127.0.0.1", encoding: "UTF8", passwords: "scram-sha-256" });
  const url = new URL(server.adminUrl);
  url.password = "guess";
  await expect(useExternalPostgres(url.href)).rejects.toMatchObject({ code: "unreachable", message: expect.not.stringContaining("guess") });
  expect((await stat(join(folder, "password"))).mode & 0o777).toBe(0o600);
  await server.stop();
});

test("what was committed is there after a kill, and the port is the one of before", async () => {
  const server = await startPostgres({ folder });
  await ask(server, "create table kept as select 42 as answer");
  await kill();
  const again = await startPostgres({ folder });
  expect(again.how).toBe("started");
  expect(again.adminUrl).toBe(server.adminUrl);
  expect(await ask(again, "select answer from kept")).toEqual([{ answer: 42 }]);
  await again.stop();
});

test("where something took its port meanwhile, it moves to another", async () => {
  const port = Number(await readFile(join(folder, "port"), "utf8"));
  const other = createServer().listen(port, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const server = await startPostgres({ folder });
  expect(Number(new URL(server.adminUrl).port)).not.toBe(port);
  await server.stop();
  await new Promise((resolve) => other.close(resolve));
});

test("a lock file whose process number is somebody else's now does not keep it from starting", async () => {
  await writeFile(join(folder, "data/postmaster.pid"), `${process.pid}\n${join(folder, "data")}\n1\n5432\n\n127.0.0.1\n\nready\n`);
  const server = await startPostgres({ folder });
  expect(server.how).toBe("started");
  await server.stop();
});

test("initdb that was killed leaves nothing that is taken for a cluster", async () => {
  const own = join(top, "cut");
  const program = `import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, "embedded.ts"))}; await startPostgres({ folder: ${JSON.stringify(own)} });`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], { stdio: "ignore" });
  const making = async (): Promise<string | undefined> => (await readdir(own).catch(() => [])).find((name) => name.startsWith("making-"));
  while ((await making()) === undefined) await new Promise((resolve) => setImmediate(resolve));
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("close", resolve));
  const server = await startPostgres({ folder: own });
  expect(server.how).toBe("made");
  await server.stop();
  expect(await making()).toBeUndefined();
});

test("a folder of another version, or of something else, is told and not touched", async () => {
  const old = join(top, "old");
  await mkdir(join(old, "data"), { recursive: true });
  await expect(startPostgres({ folder: old })).rejects.toMatchObject({ code: "not-ours" });
  await writeFile(join(old, "data/PG_VERSION"), "17\n");
  await expect(startPostgres({ folder: old })).rejects.toMatchObject({ code: "cluster-version", message: expect.stringContaining("PostgreSQL 17") });
  expect(await readdir(join(old, "data"))).toEqual(["PG_VERSION"]);
});

test("a server that cannot start says why, in PostgreSQL's words", async () => {
  const path = join(folder, "data/postgresql.conf");
  const sound = await readFile(path, "utf8");
  await writeFile(path, "shared_buffers = nonsense\n");
  await expect(startPostgres({ folder })).rejects.toMatchObject({ code: "start-failed", message: expect.stringContaining("shared_buffers") });
  await writeFile(path, sound);
});

test.runIf(process.getuid?.() === 0)("as root, it runs where no other account may pass, and is found there again", async () => {
  const closed = join(top, "closed");
  await mkdir(closed, { mode: 0o700 });
  const own = join(closed, "cluster");
  const server = await startPostgres({ folder: own });
  expect((await startPostgres({ folder: own })).how).toBe("attached");
  await server.stop();
});
