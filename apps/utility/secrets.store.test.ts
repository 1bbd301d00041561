import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromHex, toHex } from "@metersmith/base/bytes";
import { readDeviceTypes } from "@metersmith/modules/device-types/store/installed-folder.ts";
import { KeptDeviceTypes } from "@metersmith/modules/device-types/store/kept-device-types.ts";
import { meterDirectory } from "@metersmith/modules/registry/store/directory.ts";
import { resealMeters } from "@metersmith/modules/registry/store/reseal-meters.ts";
import { openFileLog } from "@metersmith/node/json-log";
import { sealing } from "@metersmith/node/sealing";
import { systemClock } from "@metersmith/node/system-clock";
import { openDatabase } from "@metersmith/postgres/pool";
import { testDatabase, type TestDatabase } from "@metersmith/postgres/template";
import { type RunningSite, startSite } from "@metersmith/site/site";
import type { SiteConfig } from "@metersmith/site/site-config";
import type { SiteModule } from "@metersmith/site/site-module";
import { type Kysely, sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { utilityModules } from "./mounted-modules.ts";

/** Each occurs nowhere else: where one is found, that secret has leaked. */
const canary = {
  meter: "c0ffee01c0ffee02c0ffee03c0ffee04c0ffee05",
  person: "canary-of-a-person-5e1f",
  session: "canary-of-the-sessions-9b7d-which-is-long-enough",
  one: "aa11bb22cc33dd44".repeat(4),
  two: "ee55ff6600778899".repeat(4),
};
/** As a dump or a log could spell them. */
const spellings = [...Object.values(canary), Buffer.from(fromHex(canary.meter)).toString("base64"), Buffer.from(fromHex(canary.meter)).toString("latin1"), Buffer.from(fromHex(canary.one)).toString("base64url")];
const METERS = 1200;

let folder: string;
let database: TestDatabase;
let owner: Kysely<unknown>;
let deviceTypes: KeptDeviceTypes;
let site: RunningSite;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-canaries-"));
  deviceTypes = new KeptDeviceTypes(await readDeviceTypes("device-types"));
  database = await testDatabase(modulesWith(canary.one).flatMap((module) => module.migrations));
  owner = openDatabase(database.ownerUrl, 2);
  site = await startWith(canary.one);
});
afterAll(async () => {
  await site.stop();
  await owner.destroy();
  await database.drop();
  await rm(folder, { recursive: true });
});

const modulesWith = (key: string): SiteModule[] => utilityModules(deviceTypes, key);

const startWith = (sealingKey: string): Promise<RunningSite> => {
  const config: SiteConfig = {
    kind: "utility", slug: "canaries", name: "Canaries", host: "127.0.0.1", port: 0, ownerDatabaseUrl: database.ownerUrl, databaseUrl: database.appUrl, sessionSecret: canary.session,
    sealingKey, consoleFolder: folder, deviceTypesFolder: "device-types", manufacturerKeysFolder: "no-such-folder", logFile: "unused",
    logins: [{ email: "metering@site.test", name: "Metering", role: "metering", password: canary.person }],
  };
  return startSite(config, modulesWith(sealingKey), { clock: systemClock, log: openFileLog(join(folder, "site.log"), "utility") });
};

const post = async (url: string, payload: unknown, cookie = ""): Promise<{ status: number; text: string; cookies: string }> => {
  const answer = await site.server.inject({ method: "POST", url, payload: JSON.stringify(payload), headers: { "content-type": "application/json", host: new URL(site.url).host, cookie } });
  return { status: answer.statusCode, text: answer.body + JSON.stringify({ ...answer.headers, "set-cookie": undefined }), cookies: [answer.headers["set-cookie"] ?? []].flat().map((one) => one.split(";")[0]).join("; ") };
};
const signIn = (password = canary.person) => post("/api/auth/sign-in/email", { email: "metering@site.test", password });
const meters = (from: number, count: number) => ({
  meters: Array.from({ length: count }, (_, at) => ({ manufacturer: "MSMT", serial: `C${from + at}`, deviceType: "rx-2s", address: "tcp:127.0.0.1:1", programmingPassword: canary.meter })),
});

/** Every row of every table of every schema but the system's own, as text: what a dump of the database holds. */
async function everything(): Promise<string> {
  const { rows } = await sql<{ name: string }>`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`.execute(owner);
  expect(rows.length).toBeGreaterThan(20);
  const texts = await Promise.all(rows.map(async ({ name }) => (await sql<{ row: string }>`select t::text as row from ${sql.raw(name)} t`.execute(owner)).rows.map(({ row }) => row).join("\n")));
  return texts.join("\n");
}
const leaked = (text: string): string[] => spellings.filter((spelling) => text.includes(spelling));

test("secrets are in no answer and no log, however a request fails", async () => {
  const { cookies } = await signIn();
  expect(await post("/api/v1/meters", meters(0, 1000), cookies)).toMatchObject({ status: 200 });
  expect(await post("/api/v1/meters", meters(1000, METERS - 1000), cookies)).toMatchObject({ status: 200 });
  const other = { ...meters(0, 1).meters[0], deviceType: "nonesuch" };
  const failing = [
    await signIn(`${canary.person}!`),
    await post("/api/v1/meters", { meters: [other] }, cookies),
    await post("/api/v1/meters", { meters: [{ ...other, programmingPassword: `${canary.meter}00` }] }, cookies),
    await post("/api/v1/meters", { meters: [{ ...meters(0, 1).meters[0], deviceType: "ix-4s" }] }, cookies),
    await post("/api/v1/meters", meters(0, 1), cookies.replace(/.(?=;|$)/, "x")),
    await post(`/api/v1/meters?${canary.meter}`, "not json", cookies),
  ];
  // The database refuses, with the row in its own message.
  await sql`alter table meter add constraint refuses check (serial not like 'REFUSED%')`.execute(owner);
  failing.push(await post("/api/v1/meters", { meters: [{ ...meters(0, 1).meters[0], serial: "REFUSED" }] }, cookies));
  await sql`alter table meter drop constraint refuses`.execute(owner);
  expect(failing.map(({ status }) => status)).toEqual([401, 422, 400, 409, 401, 400, 500]);
  expect(failing.flatMap(({ text }) => leaked(text))).toEqual([]);
  const log = await readFile(join(folder, "site.log"), "utf8");
  expect(log).toContain("request failed");
  expect(leaked(log)).toEqual([]);
});

test("a dump of the whole database shows none of them", async () => {
  const dump = await everything();
  expect(dump).toContain("C1199");
  expect(leaked(dump)).toEqual([]);
});

test("the search finds what would be there in clear: it can fail", async () => {
  await sql`create table careless (password text, octets bytea)`.execute(owner);
  await sql`insert into careless values (${canary.meter}, null)`.execute(owner);
  expect(leaked(await everything())).toEqual([canary.meter]);
  await sql`drop table careless`.execute(owner);
});

test("a sealed password that is put at another meter does not open there", async () => {
  const { rows } = await sql<{ id: string; sealed: string }>`select public_id as id, sealed_password as sealed from meter order by id limit 2`.execute(owner);
  const [mine, others] = rows;
  const moved = owner.transaction().execute(async (tx) => {
    await sql`update meter set sealed_password = ${others?.sealed} where public_id = ${mine?.id}`.execute(tx);
    await meterDirectory(sealing(canary.one)).link(tx, mine?.id ?? "");
  });
  await expect(moved).rejects.toThrow(/does not open/);
});

test("under a new key the next start seals everything anew, also after one that was cut off, and the old key is not needed any more", async () => {
  const both = `${canary.two},${canary.one}`;
  await site.stop();
  // The start before was cut off after its first transaction.
  expect(await owner.transaction().execute((tx) => resealMeters(tx, sealing(both)))).toBe(500);
  site = await startWith(both);
  await site.stop();
  const { current } = sealing(canary.two);
  const { rows } = await sql<{ meters: string; keys: string }>`
    select (select count(*) from meter where sealed_password like ${`${current}%`}) as meters, (select count(*) from audit_key where sealed_secret like ${`${current}%`}) as keys`.execute(owner);
  expect(rows).toEqual([{ meters: String(METERS), keys: "1" }]);
  site = await startWith(canary.two);
  const meter = await sql<{ id: string }>`select public_id as id from meter order by id desc limit 1`.execute(owner);
  const link = await meterDirectory(sealing(canary.two)).link(owner, meter.rows[0]?.id ?? "");
  expect(toHex(link?.programmingPassword ?? new Uint8Array())).toBe(canary.meter);
  const recorded = await sql<{ count: string }>`select sum((facts ->> 'count')::int) as count from audit_entry where verb = 'secrets.reseal'`.execute(owner);
  expect(recorded.rows).toEqual([{ count: String(METERS - 500 + 1) }]);
  expect(leaked(await everything())).toEqual([]);
  expect(leaked(await readFile(join(folder, "site.log"), "utf8"))).toEqual([]);
});

test("a site without the key of what is in its database does not start, and says so without showing any", async () => {
  await expect(startWith("00".repeat(32))).rejects.toThrow(/does not open with this site's key: it is sealed with key [0-9a-f]{8}, which this site does not have/);
});
