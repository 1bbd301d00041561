import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { chmod, mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort, isPortFree } from "@metersmith/node/free-port";
import { endProcess, gone, identifyProcess, isRunning, type ProcessIdentity } from "@metersmith/node/process-identity";
import pg from "pg";
import { type Binaries, findBinaries } from "./binaries.ts";
import { clusterEnvironment, type ClusterFolder, clusterFolder, ensureCluster, SUPERUSER } from "./cluster.ts";
import { DatabaseError } from "./database-error.ts";
import { type Postmaster, readPostmaster } from "./postmaster.ts";
import { type Account, giveTo, unprivilegedAccount } from "./unprivileged.ts";

export interface PostgresServer {
  /** A connection that may create databases and roles. Holds a password. */
  readonly adminUrl: string;
  /** `attached`: it ran already, from a start that was killed. `external`: somebody else's, by its URL. */
  readonly how: "made" | "started" | "attached" | "external";
  /** Ends it in order: sessions are cut, everything is on the disk. Nothing where it is external. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** All of it is PostgreSQL's: made where missing. */
  readonly folder: string;
  /** False: do not wait for the disk, for tests that end with the run. */
  readonly durable?: boolean;
}

const POLL_MS = 15;
/** Recovery of a large log may take minutes; a server that still works at it is left to it. */
const READY_WITHIN_MS = 300_000;
/** A killed server's processes notice, let go of shared memory and end; until then a new one is refused. */
const SHARED_MEMORY_WITHIN_MS = 15_000;

/**
 * The embedded PostgreSQL on a folder: attached to where it still runs, started where not (recovering by itself from a crash), made
 * where there is none. It listens on the loopback interface only, with a password.
 * It runs on when this process dies; the next call finds it. Two calls at once on one folder are the caller's to prevent (a lock).
 * @throws DatabaseError
 */
export async function startPostgres(options: EmbeddedOptions): Promise<PostgresServer> {
  const { durable = true } = options;
  const folder = clusterFolder(resolve(options.folder));
  // As root: others may pass to the data folder, which is the only part that the server's account owns.
  await mkdir(folder.root, { recursive: true });
  await chmod(folder.root, process.getuid?.() === 0 ? 0o711 : 0o700);
  const binaries = await findBinaries(folder.libraries);
  const running = await settled(folder);
  if (running) {
    const adminUrl = await logIn(running.port, (await readFile(folder.password, "utf8").catch(() => "")).trim());
    return { adminUrl, how: "attached", stop: () => stopServer(running.process, folder) };
  }

  const account = await unprivilegedAccount([join(binaries.folder, "postgres"), folder.data]);
  const made = !(await stat(folder.data).catch(() => undefined));
  if (!made) await giveTo(account, folder.data);
  const password = await ensureCluster(folder, binaries, account, durable);
  // What a killed server left; that none works here was seen above, and a number used again would keep a new one from starting.
  await rm(join(folder.data, "postmaster.pid"), { force: true });
  const server = await launch(folder, binaries, account, durable);
  const adminUrl = await logIn(server.port, password);
  return { adminUrl, how: made ? "made" : "started", stop: () => stopServer(server.process, folder) };
}

/** Waits until a server that runs on the folder is ready or gone. */
async function settled(folder: ClusterFolder): Promise<Postmaster | undefined> {
  const until = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const running = readPostmaster(folder.data);
    if (!running || running.status === "ready") return running;
    if (performance.now() > until) throw startFailed(folder, `it has been ${running.status} for ${READY_WITHIN_MS / 1000} s`);
    await delay(POLL_MS);
  }
}

async function launch(folder: ClusterFolder, binaries: Binaries, account: Account, durable: boolean): Promise<Postmaster> {
  const until = performance.now() + SHARED_MEMORY_WITHIN_MS;
  for (;;) {
    const port = await choosePort(folder);
    const logFrom = await logSize(folder);
    const child = spawnServer(folder, binaries, account, durable, port);
    const ready = await untilReady(folder, child);
    if (ready) return ready;
    const said = await logSince(folder, logFrom);
    const passes = /shared memory block|could not bind|Address already in use/.test(said);
    if (!passes || performance.now() > until) throw startFailed(folder, said);
    await delay(10 * POLL_MS);
  }
}

function spawnServer(folder: ClusterFolder, binaries: Binaries, account: Account, durable: boolean, port: number): ProcessIdentity {
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "log_min_messages=warning",
    "log_line_prefix=%m [%p] %q%u@%d ",
    ...(durable ? [] : ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=4GB"]),
  ];
  const [command = "", ...args] = [
    ...account.wrapper,
    join(binaries.folder, "postgres"),
    "-D",
    folder.data,
    "-p",
    String(port),
    ...settings.flatMap((setting) => ["-c", setting]),
  ];
  const log = openSync(folder.log, "a", 0o600);
  try {
    // A session of its own: Ctrl-C in the terminal must not end it before its clients have.
    const child = spawn(command, args, { ...account.ids, cwd: "/", detached: true, env: clusterEnvironment(binaries), stdio: ["ignore", log, log] });
    child.on("error", () => undefined);
    child.unref();
    const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
    return identity ?? { pid: 0, start: "" };
  } finally {
    closeSync(log);
  }
}

/** Undefined where the process ended first. */
async function untilReady(folder: ClusterFolder, child: ProcessIdentity): Promise<Postmaster | undefined> {
  const until = performance.now() + READY_WITHIN_MS;
  while (isRunning(child)) {
    const server = readPostmaster(folder.data);
    if (server?.process.pid === child.pid && server.status === "ready") return server;
    if (performance.now() > until) throw startFailed(folder, `it was not ready within ${READY_WITHIN_MS / 1000} s`);
    await delay(POLL_MS);
  }
  return undefined;
}

/** The port of last time where it is still free: what was noted elsewhere (a tool's connection) goes on working. */
async function choosePort(folder: ClusterFolder): Promise<number> {
  const last = Number(await readFile(folder.port, "utf8").catch(() => ""));
  if (Number.isInteger(last) && last > 0 && last < 65_536 && (await isPortFree(last))) return last;
  const port = await freePort();
  await writeFile(folder.port, `${port}\n`);
  return port;
}

async function logIn(port: number, password: string): Promise<string> {
  const url = `postgres://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.query("select");
    return url;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseError("link", "unreachable", `the embedded PostgreSQL on port ${port} does not let us in: ${why}`, { port }, cause);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function stopServer(server: ProcessIdentity, folder: ClusterFolder): Promise<void> {
  // Interrupt is PostgreSQL's fast shutdown, quit its immediate one, which the next start recovers from.
  const ended = await endProcess(server, [
    { signal: "SIGINT", waitMs: 30_000 },
    { signal: "SIGQUIT", waitMs: 5000 },
    { signal: "SIGKILL", waitMs: 2000 },
  ]);
  if (!ended) throw startFailed(folder, `process ${server.pid} does not end`);
  await gone(server, 1000);
}

async function logSize(folder: ClusterFolder): Promise<number> {
  return (await stat(folder.log).catch(() => undefined))?.size ?? 0;
}

async function logSince(folder: ClusterFolder, from: number): Promise<string> {
  const file = await open(folder.log, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16_384), 0, 16_384, from);
    return buffer.toString("utf8", 0, bytesRead).trim();
  } finally {
    await file.close();
  }
}

function startFailed(folder: ClusterFolder, why: string): DatabaseError {
  return new DatabaseError("input", "start-failed", `the embedded PostgreSQL did not start: ${why || "it said nothing"} (log: ${folder.log})`, { log: folder.log });
}
