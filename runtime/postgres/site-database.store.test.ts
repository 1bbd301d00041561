import { type Kysely, sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Migration } from "./migrate.ts";
import { openDatabase } from "./pool.ts";
import { type TestDatabase, testDatabase } from "./template.ts";

const migrations: readonly Migration[] = [
  {
    name: "202601010000-probe-values",
    async up(db) {
      await sql`
        create table probe (
          id bigint generated always as identity primary key,
          at timestamptz not null default '2026-11-21T07:05:09.123456Z',
          day date not null default '2026-11-21',
          bytes bytea not null default '\\x00ff',
          amount numeric not null default 0.10,
          facts jsonb not null default '{"a": 1}'
        )`.execute(db);
      await sql`alter table probe enable row level security`.execute(db);
      await sql`create policy own on probe using (facts->>'tenant' = current_setting('app.tenant', true))`.execute(db);
    },
  },
];

let database: TestDatabase;
let app: Kysely<unknown>;
let owner: Kysely<unknown>;
beforeAll(async () => {
  database = await testDatabase(migrations);
  app = openDatabase(database.appUrl);
  owner = openDatabase(database.ownerUrl);
});
afterAll(async () => {
  await Promise.all([app.destroy(), owner.destroy()]);
  await database.drop();
});

test("values come back as documented: int8 and numeric text, instants Date, days text, bytes Buffer", async () => {
  const { rows } = await sql<Record<string, unknown>>`insert into probe default values returning *`.execute(owner);
  expect(rows).toEqual([
    { id: "1", at: new Date("2026-11-21T07:05:09.123Z"), day: "2026-11-21", bytes: Buffer.from([0, 255]), amount: "0.10", facts: { a: 1 } },
  ]);
});

test("the application writes rows of what the owner made, as far as row-level security lets it", async () => {
  await app.transaction().execute(async (tx) => {
    await sql`select set_config('app.tenant', 'north', true)`.execute(tx);
    await sql`insert into probe (facts) values ('{"tenant": "north"}')`.execute(tx);
    const { rows } = await sql`select facts from probe`.execute(tx);
    expect(rows).toEqual([{ facts: { tenant: "north" } }]);
  });
  await expect(sql`insert into probe (facts) values ('{"tenant": "south"}')`.execute(app)).rejects.toThrow(/row-level security/);
});

test.each([
  ["makes no table", "create table other (id int)"],
  ["makes no schema", "create schema other"],
  ["makes no temporary table", "create temporary table other (id int)"],
  ["alters no table", "alter table probe add column more int"],
  ["turns no security off", "alter table probe disable row level security"],
  ["truncates no table", "truncate probe"],
  ["drops no table", "drop table probe"],
  ["does not see the migrations' record", "select * from migration.applied"],
  ["is given no other role", "set role metersmith"],
])("the application role %s", async (_, statement) => {
  await expect(sql.raw(statement).execute(app)).rejects.toThrow(/permission denied|must be owner/);
});

test("neither role is a superuser or passes by row-level security", async () => {
  for (const db of [app, owner]) {
    const { rows } = await sql`select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user`.execute(db);
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }]);
  }
});
