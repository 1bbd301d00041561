import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { silentLog } from "@metersmith/base/log";
import { systemClock } from "@metersmith/node/system-clock";
import { openDatabase } from "@metersmith/postgres/pool";
import { testDatabase, type TestDatabase } from "@metersmith/postgres/template";
import { type Kysely, sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { SiteError } from "./problem.ts";
import { type RunningSite, startSite } from "./site.ts";
import type { SiteModule } from "./site-module.ts";

interface NoteTables {
  note: { text: string; actor: string };
}

const organization = { id: "01999999-0000-7000-8000-000000000001", name: "Notes", owner: true };
const access = { config: { access: { permission: "note.write" } } } as const;

/** Whoever names themselves in a header is let in; notes are unique, which the database finds out only at the commit. */
const notes: SiteModule = {
  name: "notes",
  migrations: [
    {
      name: "202611250001-notes-table",
      async up(db) {
        await sql`create table note (text text unique deferrable initially deferred, actor text not null default current_setting('metersmith.actor'))`.execute(db);
      },
    },
  ],
  async mount({ server, work }) {
    const write = (tx: Kysely<NoteTables>, text: string) => sql`insert into note (text) values (${text})`.execute(tx);
    server.post<{ Params: { text: string } }>("/api/notes/:text", access, async ({ params, tx }, reply) => {
      await write(tx<NoteTables>(), params.text);
      return reply.code(202).send({ seen: await commitsSeen(params.text) });
    });
    server.post<{ Params: { text: string } }>("/api/notes/:text/refused", access, async ({ params, tx }) => {
      await write(tx<NoteTables>(), params.text);
      throw new SiteError(409, "conflict", "no");
    });
    server.post<{ Params: { text: string } }>("/api/notes/:text/broken", access, async ({ params, tx }) => {
      await write(tx<NoteTables>(), params.text);
      await sql`select 1 / 0`.execute(tx());
    });
    server.post("/api/open", { config: { access: { open: true } } }, async ({ tx }) => void tx());
    server.post<{ Params: { text: string } }>("/api/notes/:text/waits", access, async ({ params, tx }) => {
      await write(tx<NoteTables>(), params.text);
      began.resolve();
      await goOn.promise;
      return {};
    });
    await work<NoteTables, unknown>((tx) => write(tx, "by the site"));
    return {
      authenticator: {
        async principalOf(headers) {
          const id = headers.get("x-who");
          return id === null ? null : { kind: "person", id, email: "", name: "", roles: [], permissions: new Set(["note.write"]), organization };
        },
      },
    };
  },
};

/** Where a request that waits is, and what lets it go on. */
let began: PromiseWithResolvers<void>;
let goOn: PromiseWithResolvers<void>;
beforeEach(() => {
  began = Promise.withResolvers();
  goOn = Promise.withResolvers();
});
let database: TestDatabase;
let beside: Kysely<NoteTables>;
let site: RunningSite;

beforeAll(async () => {
  database = await testDatabase(notes.migrations);
  beside = openDatabase<NoteTables>(database.appUrl, 1);
  const config = {
    kind: "utility", slug: "notes", name: "Notes", host: "127.0.0.1", port: 0, ownerDatabaseUrl: database.ownerUrl, databaseUrl: database.appUrl,
    sessionSecret: "x".repeat(32), sealingKey: "00".repeat(32), consoleFolder: tmpdir(), deviceTypesFolder: "unused", logFile: "unused", logins: [],
  } as const;
  site = await startSite(config, [notes], { clock: systemClock, log: silentLog });
});
afterAll(async () => {
  await site.stop();
  await beside.destroy();
  await database.drop();
});

/** As another connection sees it, which is what is committed. */
const commitsSeen = async (text: string): Promise<string[]> =>
  (await beside.selectFrom("note").select("actor").where("text", "=", text).execute()).map(({ actor }) => actor);

const post = (path: string, who = "ann") => site.server.inject({ method: "POST", url: path, headers: { "x-who": who } });

test("what a request wrote is committed once its answer is made, under the name of who asked", async () => {
  const answer = await post("/api/notes/first");
  expect([answer.statusCode, answer.json()]).toEqual([202, { seen: [] }]);
  expect(await commitsSeen("first")).toEqual(["person ann"]);
  expect(await commitsSeen("by the site")).toEqual(["site site"]);
});

test("a request that is refused or breaks leaves nothing", async () => {
  expect((await post("/api/notes/second/refused")).statusCode).toBe(409);
  expect((await post("/api/notes/second/broken")).statusCode).toBe(500);
  expect(await commitsSeen("second")).toEqual([]);
});

test("an answer is not good before its commit is: what the database refuses then is told", async () => {
  await post("/api/notes/once");
  expect((await post("/api/notes/once")).statusCode).toBe(500);
  expect(await commitsSeen("once")).toHaveLength(1);
});

test("many failing requests hold no connection back", async () => {
  const paths = Array.from({ length: 30 }, (_, at) => ["once", "third/refused", "third/broken"][at % 3]);
  await Promise.all(paths.map((path) => post(`/api/notes/${path}`)));
  expect((await post("/api/notes/after")).statusCode).toBe(202);
});

test("a connection that breaks under a request fails that request and no other", async () => {
  const asked = httpRequest(`${site.url}/api/notes/cut/waits`, { method: "POST", headers: { "x-who": "ann" } });
  const answered = new Promise<number | undefined>((resolve) => asked.on("response", (answer) => resolve(answer.statusCode)));
  asked.end();
  await began.promise;
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = current_user and pid <> pg_backend_pid() and datname = current_database() and state = 'idle in transaction'`.execute(beside);
  goOn.resolve();
  expect(await answered).toBe(500);
  expect(await commitsSeen("cut")).toEqual([]);
  expect((await post("/api/notes/after the cut")).statusCode).toBe(202);
});

test("a client that hangs up while it is answered holds no connection back, and what it asked for is done", async () => {
  const asked = httpRequest(`${site.url}/api/notes/hung up/waits`.replace(" ", "%20"), { method: "POST", headers: { "x-who": "ann" } });
  const gone = new Promise((resolve) => asked.on("error", resolve));
  asked.end();
  await began.promise;
  asked.destroy(new Error("hung up"));
  await gone;
  goOn.resolve();
  await vi.waitFor(async () => expect(await commitsSeen("hung up")).toHaveLength(1));
  const { rows } = await sql<{ open: string }>`select count(*) as open from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`.execute(beside);
  expect(rows).toEqual([{ open: "0" }]);
});

test("who asks next over the same connection is not taken for who asked before", async () => {
  await Promise.all(["bob", "cay"].map((who) => post(`/api/notes/${who}`, who)));
  expect([await commitsSeen("bob"), await commitsSeen("cay")]).toEqual([["person bob"], ["person cay"]]);
});

test("a route that is open to anybody has no transaction, and nobody unknown gets one", async () => {
  expect((await post("/api/open")).statusCode).toBe(400);
  expect((await site.server.inject({ method: "POST", url: "/api/notes/nobody" })).statusCode).toBe(401);
  expect(await commitsSeen("nobody")).toEqual([]);
});
