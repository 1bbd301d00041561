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
import type { SiteConfig } from "./site-config.ts";
import type { SiteModule } from "./site-module.ts";

interface NoteTables {
  note: { text: string; actor: string };
}

const organization = { id: "01999999-0000-7000-8000-000000000001", name: "Notes", owner: true };
const access = { config: { access: { permission: "note.write" }, action: "note.write" } } as const;

/** Whoever names themselves in a header is let in; notes are unique, which the database finds out only at the commit. */
const notes: SiteModule = {
  name: "notes",
  migrations: [
    {
      name: "202611250001-notes-table",
      async up(db) {
        await sql`create table note (text text unique deferrable initially deferred, actor text not null default current_setting('metersmith.actor'))`.execute(db);
        await sql`create table deed (verb text, subject text)`.execute(db);
      },
    },
  ],
  trail: {
    async record(tx, { verb, subjects }) {
      for (const { id } of subjects) await sql`insert into deed (verb, subject) values (${verb}, ${id})`.execute(tx);
    },
  },
  async mount({ server, work }) {
    const write = (tx: Kysely<NoteTables>, text: string) => sql`insert into note (text) values (${text})`.execute(tx);
    server.post<{ Params: { text: string } }>("/api/notes/:text", access, async ({ params, tx, acted }, reply) => {
      await write(tx<NoteTables>(), params.text);
      acted({ kind: "note", id: params.text });
      return reply.code(202).send({ seen: await commitsSeen(params.text) });
    });
    server.post<{ Params: { text: string } }>("/api/notes/:text/refused", access, async ({ params, tx, acted }) => {
      await write(tx<NoteTables>(), params.text);
      acted({ kind: "note", id: params.text });
      throw new SiteError(409, "conflict", "no");
    });
    server.post<{ Params: { text: string } }>("/api/notes/:text/broken", access, async ({ params, tx }) => {
      await write(tx<NoteTables>(), params.text);
      await sql`select 1 / 0`.execute(tx());
    });
    server.post<{ Params: { text: string } }>("/api/notes/:text/forgets", access, async ({ params, tx }) => void (await write(tx<NoteTables>(), params.text)));
    server.get<{ Params: { text: string } }>("/api/notes/:text/writes", { config: { access: { permission: "note.write" } } }, async ({ params, tx }) => void (await write(tx<NoteTables>(), params.text)));
    server.post("/api/open", { config: { access: { open: true }, action: { recordedBy: "nothing" } } }, async ({ tx }) => void tx());
    server.post<{ Params: { text: string } }>("/api/notes/:text/waits", access, async ({ params, tx, acted }) => {
      await write(tx<NoteTables>(), params.text);
      acted({ kind: "note", id: params.text });
      began.resolve();
      await goOn.promise;
      return {};
    });
    await work.act<NoteTables, unknown>({ verb: "note.write", on: () => [{ kind: "note", id: "by the site" }] }, (tx) => write(tx, "by the site"));
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
let config: SiteConfig;

beforeAll(async () => {
  database = await testDatabase(notes.migrations);
  beside = openDatabase<NoteTables>(database.appUrl, 1);
  config = {
    kind: "utility", slug: "notes", name: "Notes", host: "127.0.0.1", port: 0, ownerDatabaseUrl: database.ownerUrl, databaseUrl: database.appUrl,
    sessionSecret: "x".repeat(32), sealingKey: "00".repeat(32), consoleFolder: tmpdir(), deviceTypesFolder: "unused", manufacturerKeysFolder: "unused", logFile: "unused", logins: [],
  };
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

const deeds = async (subject: string): Promise<string[]> => (await sql<{ verb: string }>`select verb from deed where subject = ${subject}`.execute(beside)).rows.map(({ verb }) => verb);

const post = (path: string, who = "ann") => site.server.inject({ method: "POST", url: path, headers: { "x-who": who } });

test("what a request wrote is committed once its answer is made, under the name of who asked", async () => {
  const answer = await post("/api/notes/first");
  expect([answer.statusCode, answer.json()]).toEqual([202, { seen: [] }]);
  expect(await commitsSeen("first")).toEqual(["person ann"]);
  expect(await commitsSeen("by the site")).toEqual(["site site"]);
  expect([await deeds("first"), await deeds("by the site")]).toEqual([["note.write"], ["note.write"]]);
});

test("a request that is refused or breaks leaves nothing", async () => {
  expect((await post("/api/notes/second/refused")).statusCode).toBe(409);
  expect((await post("/api/notes/second/broken")).statusCode).toBe(500);
  expect([await commitsSeen("second"), await deeds("second")]).toEqual([[], []]);
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
  expect([await commitsSeen("cut"), await deeds("cut")]).toEqual([[], []]);
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

test("a route that forgets to say what it acted on changes nothing", async () => {
  expect((await post("/api/notes/forgotten/forgets")).statusCode).toBe(500);
  expect(await commitsSeen("forgotten")).toEqual([]);
});

test("a route without an action may only read: the database refuses it to write", async () => {
  const answer = await site.server.inject({ method: "GET", url: "/api/notes/sneaked/writes", headers: { "x-who": "ann" } });
  expect(answer.statusCode).toBe(500);
  expect(await commitsSeen("sneaked")).toEqual([]);
});

const mounting = (module: Omit<SiteModule, "name" | "migrations">) => startSite({ ...config, port: 0 }, [{ name: "careless", migrations: notes.migrations, ...module }], { clock: systemClock, log: silentLog });

test.each([
  ["names no action", { access: { signedIn: true } }, "does not name its action"],
  ["names one that is no resource.verb", { access: { signedIn: true }, action: "write" }, "no resource.verb"],
  ["says that somebody else records what has a transaction", { access: { signedIn: true }, action: { recordedBy: "somebody" } }, "name the verb"],
  ["is open to anybody and names a verb", { access: { open: true }, action: "note.write" }, "say what records its action"],
] as const)("a site with a changing route that %s does not start", async (_what, routeConfig, why) => {
  const start = mounting({ ...(notes.trail ? { trail: notes.trail } : {}), mount: async ({ server }) => void server.delete("/api/careless", { config: routeConfig }, () => ({})) });
  await expect(start).rejects.toThrow(why);
});

test("a site without a record of actions, or with two, does not start", async () => {
  await expect(mounting({ mount: async () => undefined })).rejects.toThrow("exactly one module");
  const { trail } = notes;
  const two = [1, 2].map((number) => ({ name: `keeper-${number}`, migrations: [], ...(trail ? { trail } : {}), mount: async () => undefined }));
  await expect(startSite(config, two, { clock: systemClock, log: silentLog })).rejects.toThrow("exactly one module of a site keeps the record of actions; 2");
});
