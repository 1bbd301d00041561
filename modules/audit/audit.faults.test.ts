import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { endProcess } from "@metersmith/node/process-identity";
import { clusterFolder } from "@metersmith/postgres/cluster";
import { type PostgresServer, startPostgres } from "@metersmith/postgres/embedded";
import { openDatabase } from "@metersmith/postgres/pool";
import { readPostmaster } from "@metersmith/postgres/postmaster";
import { prepareSiteDatabase, type SiteDatabase } from "@metersmith/postgres/site-database";
import { type Kysely, sql } from "kysely";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { AuditTables } from "./store/tables.ts";
import { type CheckedRecord, verifyDatabase } from "./store/verify-record.ts";
import type { ToDo } from "./testing/acting-site.ts";

const program = fileURLToPath(new URL("testing/acting-site.ts", import.meta.url));
let folder: string;
let server: PostgresServer;
let database: SiteDatabase;
let children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-audit-faults-"));
  await chmod(folder, 0o711);
  server = await startPostgres({ folder: join(folder, "postgres") });
  database = await prepareSiteDatabase(server.adminUrl, "acting", { owner: "o", app: "a" });
  await reached({ kind: "seal", text: "first", stopAt: "nowhere" });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

function start(todo: Pick<ToDo, "kind" | "text" | "stopAt">): ChildProcess {
  const child = fork(program, { stdio: ["ignore", "ignore", "ignore", "ipc"] });
  children.push(child);
  child.send({ ...database, ...todo } satisfies ToDo);
  return child;
}

/** Starts a site that does this, and gives the step that it reached and its process. */
async function reached(todo: Pick<ToDo, "kind" | "text" | "stopAt">): Promise<{ at: string; child: ChildProcess }> {
  const child = start(todo);
  const [{ at }] = (await once(child, "message")) as [{ at: string }];
  return { at, child };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
  children = children.filter((one) => one !== child);
}

/** On the database's own side: whether the deed and its entry are there, and what the record comes to. */
async function found(text: string): Promise<{ readonly deeds: number; readonly entries: number; readonly records: CheckedRecord[] }> {
  return beside(async (db) => {
    // A killed client's transaction ends when the server notices; until then nothing is decided.
    await vi.waitFor(async () => expect(await openTransactions()).toEqual([]), { timeout: 20_000 });
    const { rows } = await sql<{ deeds: string; entries: string }>`
      select (select count(*) from deed where text = ${text}) as deeds, (select count(*) from audit_entry where object_id = ${text}) as entries`.execute(db);
    return { deeds: Number(rows[0]?.deeds), entries: Number(rows[0]?.entries), records: await verifyDatabase(db, undefined, []) };
  });
}

async function beside<Result>(run: (db: Kysely<AuditTables>) => Promise<Result>, url = database.ownerUrl): Promise<Result> {
  const db = openDatabase<AuditTables>(url, 2);
  try {
    return await run(db);
  } finally {
    await db.destroy();
  }
}

/** Transactions of the site that the server still holds. What others do is shown to its administrator alone. */
const openTransactions = (): Promise<{ pid: number; waits: boolean }[]> =>
  beside(async (db) => {
    const { rows } = await sql<{ pid: number; waits: boolean }>`
      select pid, coalesce(wait_event_type = 'Lock' and query ilike 'commit%', false) as waits from pg_stat_activity where usename = 'acting_app' and xact_start is not null`.execute(db);
    return rows;
  }, server.adminUrl);

const sealedBy = (records: readonly CheckedRecord[]): number => records.reduce((sum, { chain }) => sum + chain.entries, 0);
const total = (records: readonly CheckedRecord[]): number => records.reduce((sum, { waiting }) => sum + waiting, sealedBy(records));

/** A site started after it goes on: it seals all that waits, and the record is whole. */
async function goesOn(text: string): Promise<void> {
  const before = total((await found(text)).records);
  expect((await reached({ kind: "seal", text: `after ${text}`, stopAt: "nowhere" })).at).toBe("end");
  const { records } = await found(`after ${text}`);
  expect(records.every(({ waiting }) => waiting === 0)).toBe(true);
  expect(total(records)).toBeGreaterThanOrEqual(before + 1);
}

test.each([
  ["begun", 0],
  ["changed", 0],
  ["recorded", 0],
  ["committed", 1],
])("the site is killed when its action is “%s”: the change and its entry are both there or neither", async (stopAt, there) => {
  const { at, child } = await reached({ kind: "act", text: `act-${stopAt}`, stopAt });
  expect(at).toBe(stopAt);
  await kill(child);
  expect(await found(`act-${stopAt}`)).toMatchObject({ deeds: there, entries: there });
});

test.each([
  ["the server finishes it", false, 1],
  ["the server's process is ended, too", true, 0],
])("the site is killed within the commit, and %s: both or neither", async (_what, ended, there) => {
  const text = `within-${there}`;
  const goOn = Promise.withResolvers<void>();
  await beside(async (db) => {
    // A check that waits until the test lets it go on, at the commit.
    await sql`create or replace function hold() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(42); return null; end $$`.execute(db);
    await sql`create constraint trigger hold_commit after insert on deed deferrable initially deferred for each row execute function hold()`.execute(db);
    const holding = db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(42)`.execute(tx);
      await goOn.promise;
    });
    try {
      const child = start({ kind: "act", text, stopAt: "nowhere" });
      const waiting = async (): Promise<number> => {
        const [transaction] = await openTransactions();
        expect(transaction?.waits).toBe(true);
        return transaction?.pid ?? 0;
      };
      const pid = await vi.waitFor(waiting, { timeout: 20_000, interval: 100 });
      await kill(child);
      if (ended) await beside((admin) => sql`select pg_terminate_backend(${pid})`.execute(admin), server.adminUrl);
    } finally {
      goOn.resolve();
      await holding;
    }
    await vi.waitFor(async () => expect(await openTransactions()).toEqual([]), { timeout: 20_000, interval: 100 });
    await sql`drop trigger hold_commit on deed`.execute(db);
  });
  expect(await found(text)).toMatchObject({ deeds: there, entries: there });
});

test.each(["locked", "taken", "seal", "leaves", "emptied", "sealed"])("the site is killed when its sealing is at “%s”: nothing is lost, nothing is half sealed", async (stopAt) => {
  const text = `seal-${stopAt}`;
  const { at, child } = await reached({ kind: "seal", text, stopAt });
  expect(at).toBe(stopAt);
  await kill(child);
  const after = await found(text);
  expect(after).toMatchObject({ deeds: 1, entries: 1 });
  expect(after.records.reduce((sum, { waiting }) => sum + waiting, 0) === 0).toBe(stopAt === "sealed");
});

test("the site that starts next seals what those left, and the record is whole", () => goesOn("kills"));

test.each([
  ["act", "recorded", 0],
  ["act", "committed", 1],
  ["seal", "emptied", 1],
  ["seal", "sealed", 1],
] as const)("PostgreSQL is killed when “%s” is at “%s”: after its recovery both or neither, and the record is whole", async (kind, stopAt, there) => {
  const text = `postgres-${kind}-${stopAt}`;
  const { at, child } = await reached({ kind, text, stopAt });
  expect(at).toBe(stopAt);
  const postmaster = readPostmaster(clusterFolder(join(folder, "postgres")).data);
  if (postmaster) await endProcess(postmaster.process, [{ signal: "SIGKILL", waitMs: 5000 }]);
  await kill(child);
  server = await startPostgres({ folder: join(folder, "postgres") });
  expect(await found(text)).toMatchObject({ deeds: there, entries: there });
  await goesOn(text);
});

afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});
