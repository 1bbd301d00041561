import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Migration, migrate } from "./migrate.ts";
import { openDatabase } from "./pool.ts";
import { type TestDatabase, testDatabase } from "./template.ts";

const step = (name: string, statement: string): Migration => ({ name, up: async (db) => void (await sql.raw(statement).execute(db)) });
const first = step("202601010000-alpha-one", "create table one (id int)");
const second = step("202601020000-beta-two", "alter table one add column b int");

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase([]);
});
afterEach(() => database.drop());

test("migrations run once, in the order of their names, whichever module brings them", async () => {
  expect(await migrate(database.ownerUrl, [second, first])).toEqual([first.name, second.name]);
  expect(await migrate(database.ownerUrl, [first, second])).toEqual([]);
});

test("one written beside others, with an earlier name, still runs", async () => {
  await migrate(database.ownerUrl, [first, second]);
  const between = step("202601011200-gamma-between", "create table between_them (id int)");
  expect(await migrate(database.ownerUrl, [first, between, second])).toEqual([between.name]);
});

test("a failing one is undone and named, those before it stay, and the next start goes on from there", async () => {
  const broken: Migration = {
    name: "202601030000-gamma-broken",
    async up(db) {
      await sql`create table half (id int)`.execute(db);
      await sql`select * from nowhere`.execute(db);
    },
  };
  await expect(migrate(database.ownerUrl, [first, broken])).rejects.toMatchObject({
    code: "migration-failed",
    message: 'migration "202601030000-gamma-broken" failed and was undone: relation "nowhere" does not exist',
  });
  const mended = step(broken.name, "create table half (id int)");
  expect(await migrate(database.ownerUrl, [first, mended])).toEqual([mended.name]);
});

test("a database that has seen a newer version is refused", async () => {
  await migrate(database.ownerUrl, [first, second]);
  await expect(migrate(database.ownerUrl, [first])).rejects.toMatchObject({ code: "database-newer", message: expect.stringContaining(second.name) });
});

test("two processes at once: each migration runs once, the second waits for the first", async () => {
  const both = await Promise.all([migrate(database.ownerUrl, [first, second]), migrate(database.ownerUrl, [first, second])]);
  expect(both.flat().toSorted()).toEqual([first.name, second.name]);
  const db = openDatabase<{ "migration.applied": { name: string } }>(database.ownerUrl);
  expect(await db.selectFrom("migration.applied").select("name").orderBy("name").execute()).toEqual([{ name: first.name }, { name: second.name }]);
  await db.destroy();
});

test("names that cannot be ordered, and one used twice, are refused before anything runs", async () => {
  await expect(migrate(database.ownerUrl, [step("2026-first", "select 1")])).rejects.toMatchObject({ code: "migration-name" });
  await expect(migrate(database.ownerUrl, [first, first])).rejects.toMatchObject({ code: "migration-name" });
});
