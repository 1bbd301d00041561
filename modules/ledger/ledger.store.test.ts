import { readFile } from "node:fs/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { MeterFaults } from "@metersmith/meter";
import { sealing } from "@metersmith/node/sealing";
import { openDatabase } from "@metersmith/postgres/pool";
import type { SiteModule } from "@metersmith/site/site-module";
import type { ProgramDetail } from "../authoring/api/contract.ts";
import { authoringModule } from "../authoring/module.ts";
import { deviceTypesModule } from "../device-types/module.ts";
import { readDeviceTypes } from "../device-types/store/installed-folder.ts";
import { KeptDeviceTypes } from "../device-types/store/kept-device-types.ts";
import { identityModule } from "../identity/module.ts";
import type { LibraryProgram } from "../library/api/contract.ts";
import { libraryModule } from "../library/module.ts";
import { libraryPrograms } from "../library/store/programs.ts";
import type { Meter } from "../registry/api/contract.ts";
import { registryModule } from "../registry/module.ts";
import { meterDirectory } from "../registry/store/directory.ts";
import { type MeterUnderTest, meterUnderTest } from "../testing/meter-under-test.ts";
import { type SiteUnderTest, siteUnderTest } from "../testing/site-under-test.ts";
import type { Association, MeterCalendar, Session, SessionDetail } from "./api/contract.ts";
import { ledgerModule } from "./module.ts";
import type { LedgerTables } from "./store/tables.ts";

const examples = new URL("../../examples/tariffs/", import.meta.url);
const example = async (name: string): Promise<unknown> => JSON.parse(await readFile(new URL(name, examples), "utf8"));

let under: SiteUnderTest;
let modules: SiteModule[];
let et2: LibraryProgram;
let et2Shorter: LibraryProgram;
let gs2: LibraryProgram;
const meters: MeterUnderTest[] = [];

beforeAll(async () => {
  const deviceTypes = new KeptDeviceTypes(await readDeviceTypes("device-types"));
  const seal = sealing("5a".repeat(32));
  const needs = { meters: meterDirectory(seal), programs: libraryPrograms, deviceTypes };
  modules = [identityModule([]), deviceTypesModule(deviceTypes), authoringModule(deviceTypes), libraryModule(deviceTypes), registryModule(seal, deviceTypes), ledgerModule(needs)];
  under = await siteUnderTest(modules);
  et2 = await intoLibrary("aps-et-2-tou", "rx-2s");
  et2Shorter = await intoLibrary("aps-et-2-tou", "rx-2s", { years: { first: 2026, last: 2027 } });
  gs2 = await intoLibrary("sce-gs-2-tou-b-single-phase", "ix-4s");
});
afterAll(async () => {
  await under.stop();
  await Promise.all(meters.map((meter) => meter.stop()));
});

async function intoLibrary(tariff: string, deviceType: string, changed: object = {}): Promise<LibraryProgram> {
  const answers = { ...((await example(`${tariff}.answers.json`)) as object), ...changed };
  const body = { deviceType, tariffFile: `${tariff}.json`, tariff: await example(`${tariff}.json`), answers };
  const made = await under.as["rate-analyst"].post("/api/v1/programs", body);
  const received = await under.as.metering.post("/api/v1/library-programs", (made.body as ProgramDetail).document);
  expect(received).toMatchObject({ status: 200 });
  return received.body as LibraryProgram;
}

let serials = 0;

async function installed(deviceType: string, faults: MeterFaults = {}): Promise<{ readonly meter: MeterUnderTest; readonly id: string }> {
  const meter = await meterUnderTest(deviceType, `T${++serials}`, faults);
  meters.push(meter);
  const { body } = await under.as.metering.post("/api/v1/meters", { meters: [meter.registration] });
  const [registered] = (body as { items: Meter[] }).items;
  return { meter, id: registered?.id ?? "" };
}

const program = (id: string, { id: programId }: LibraryProgram) => under.as.metering.post(`/api/v1/meters/${id}/program`, { program: programId });

/** Asks again until the session has ended; each turn waits for the network, not for a time. */
async function ended(session: unknown): Promise<SessionDetail> {
  const { id } = session as Session;
  for (;;) {
    const { status, body } = await under.as.viewer.get(`/api/v1/sessions/${id}`);
    const found = body as SessionDetail;
    if (status === 200 && found.state !== "waiting" && found.state !== "running") return found;
  }
}

async function associations(meter: string): Promise<Association[]> {
  const { body } = await under.as.viewer.get(`/api/v1/associations?meter=${meter}`);
  return (body as { items: Association[] }).items;
}

test.each([
  ["rx-2s", () => et2],
  ["ix-4s", () => gs2],
])("[MFG-5] a %s is programmed, read back, verified, and its association is on record with the evidence", async (deviceType, choose) => {
  const { meter, id } = await installed(deviceType);
  expect(meter.meter.inspect().unprogrammed).toBe(true);
  const asked = await program(id, choose());
  expect(asked).toMatchObject({ status: 202, body: { kind: "program", requestedBy: "metering@site.test" } });
  const session = await ended(asked.body);
  expect(session).toMatchObject({ state: "verified", reason: null, mismatches: [] });
  expect(session.changes.length).toBeGreaterThan(10);
  expect(session.liveState.every(({ ok }) => ok)).toBe(true);
  expect(session.readBack.map(({ table }) => table)).toEqual(expect.arrayContaining([6, 12, 16, 22, 53, 54]));
  expect(session.steps.length).toBeGreaterThan(3);
  expect(meter.meter.inspect()).toMatchObject({ unprogrammed: false, problems: [] });
  const [association, ...others] = await associations(id);
  expect(others).toEqual([]);
  expect(association).toMatchObject({ program: { digest: choose().digest }, to: null, knownBy: "read back", sessionId: session.id });
  const { body } = await under.as.viewer.get(`/api/v1/meters/${id}`);
  expect((body as Meter).lastSeenAt).toBe(session.endedAt);
});

test("the calendar answered is the one read back from the meter: ET-2's noon to 7 p.m. on weekdays only", async () => {
  const { id } = await installed("rx-2s");
  expect(await under.as.viewer.get(`/api/v1/meters/${id}/calendar`)).toMatchObject({ status: 404 });
  await ended((await program(id, et2)).body);
  const { body } = await under.as.viewer.get(`/api/v1/meters/${id}/calendar`);
  const calendar = body as MeterCalendar;
  const onPeak = calendar.tiers.find(({ name }) => name === "on-peak")?.tier;
  const [weekday, weekend] = calendar.pictures;
  expect(calendar.zone).toBe("America/Phoenix");
  for (const row of weekday?.cells ?? []) expect(row.map(({ tier }) => tier === onPeak)).toEqual(row.map((_cell, hour) => hour >= 12 && hour < 19));
  for (const row of weekend?.cells ?? []) expect(row.some(({ tier }) => tier === onPeak)).toBe(false);
});

test("[MFG-5] another program ends the first association where the second begins; the same one again changes nothing", async () => {
  const { id } = await installed("rx-2s");
  await ended((await program(id, et2)).body);
  expect(await ended((await program(id, et2)).body)).toMatchObject({ state: "verified", changes: [], written: [] });
  expect(await associations(id)).toHaveLength(1);
  await ended((await program(id, et2Shorter)).body);
  const [second, first] = await associations(id);
  expect(second).toMatchObject({ program: { digest: et2Shorter.digest }, to: null });
  expect(first).toMatchObject({ program: { digest: et2.digest }, to: second?.from });
});

test("[MFG-5] the database itself refuses to change or delete history", async () => {
  const db = openDatabase<LedgerTables>(under.appUrl, 1);
  await expect(db.updateTable("association").set({ by_whom: "somebody else" }).execute()).rejects.toThrow(/history/);
  await expect(db.deleteFrom("association").execute()).rejects.toThrow(/history/);
  await db.destroy();
});

test("[ACC-1] a program for another type is refused before anything is asked of the meter", async () => {
  const { id } = await installed("ix-4s");
  expect(await program(id, et2)).toMatchObject({ status: 409, body: { detail: expect.stringContaining("built for rx-2s") } });
});

test("[ACC-1] a meter that is not what the registry says is refused by its tables, with table and field, and nothing is written", async () => {
  const { meter } = await installed("ix-4s");
  const lying = { ...meter.registration, serial: "LYING", deviceType: "rx-2s" };
  const { body } = await under.as.metering.post("/api/v1/meters", { meters: [lying] });
  const [{ id }] = (body as { items: [Meter] }).items;
  const session = await ended((await program(id, et2)).body);
  expect(session).toMatchObject({ state: expect.stringMatching(/refused|failed/), written: [] });
  expect(session.reason).toMatch(/[Tt]able/);
  expect(await associations(id)).toEqual([]);
});

test("a wrong password ends the session with what to do, and the meter is as it was", async () => {
  const { meter } = await installed("rx-2s");
  const { body } = await under.as.metering.post("/api/v1/meters", { meters: [{ ...meter.registration, programmingPassword: "00".repeat(19) + "01" }] });
  const [{ id }] = (body as { items: [Meter] }).items;
  const session = await ended((await program(id, et2)).body);
  expect(session).toMatchObject({ state: "failed", written: [], readBack: [] });
  expect(session.reason).toMatch(/password/i);
  expect(meter.meter.inspect().unprogrammed).toBe(true);
});

test("a meter that nobody answers for ends the session with its address", async () => {
  const { meter, id } = await installed("rx-2s");
  await meter.stop();
  const session = await ended((await program(id, et2)).body);
  expect(session).toMatchObject({ state: "failed", written: [] });
  expect(session.reason).toMatch(/127\.0\.0\.1/);
});

test("a meter that hangs up in the middle: what it acknowledged is told, and the next session finishes", async () => {
  const { meter, id } = await installed("rx-2s", { hangUp: { afterWrites: 3, when: "unanswered" } });
  const first = await ended((await program(id, et2)).body);
  expect(first.state).toBe("failed");
  expect(first.written.filter(({ state }) => state === "acknowledged")).toHaveLength(3);
  expect(first.written.filter(({ state }) => state === "in doubt")).toHaveLength(1);
  expect(first.reason).toMatch(/acknowledged.*in doubt.*Program the meter again/);
  expect(await associations(id)).toEqual([]);
  meter.restart();
  expect(await ended((await program(id, et2)).body)).toMatchObject({ state: "verified" });
});

test("a table that reads back differently is never called verified, and table and field are named", async () => {
  const { id } = await installed("rx-2s", { stuckBits: [{ table: 54, offset: 200, mask: 0xff, value: 0x55 }] });
  const session = await ended((await program(id, et2)).body);
  expect(session.state).toBe("failed");
  expect(session.mismatches).toContainEqual(expect.objectContaining({ table: 54 }));
  expect(session.reason).toMatch(/54/);
  expect(await associations(id)).toEqual([]);
});

test("one session with a meter at a time: asking twice at once is a conflict for one", async () => {
  const { id } = await installed("rx-2s");
  const both = await Promise.all([program(id, et2), program(id, et2)]);
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409]);
  await ended(both.find(({ status }) => status === 202)?.body);
});

test("[MFG-5] a meter that somebody else programmed: a read finds what it runs, bit by bit, and the record follows", async () => {
  const { meter, id } = await installed("rx-2s");
  await ended((await program(id, et2)).body);
  const { body } = await under.as.metering.post("/api/v1/meters", { meters: [{ ...meter.registration, serial: "ELSEWHERE" }] });
  const [{ id: sameMeter }] = (body as { items: [Meter] }).items;
  await ended((await program(sameMeter, et2Shorter)).body);
  const read = await ended((await under.as.metering.post(`/api/v1/meters/${id}/read`)).body);
  expect(read.steps.at(-1)?.text).toBe(`runs ET-2 v${et2Shorter.version}, bit by bit`);
  const [now, before] = await associations(id);
  expect(now).toMatchObject({ program: { digest: et2Shorter.digest }, to: null, knownBy: "read back", sessionId: read.id });
  expect(before).toMatchObject({ program: { digest: et2.digest }, to: now?.from });
});

test("[MFG-5] a programming that broke off leaves no program on record, and a read of the half-written meter does not bring it back", async () => {
  const { meter, id } = await installed("rx-2s");
  await ended((await program(id, et2)).body);
  meter.restart({ hangUp: { afterWrites: 1, when: "before" } });
  const broken = await ended((await program(id, et2Shorter)).body);
  expect(broken).toMatchObject({ state: "failed", written: [expect.anything(), expect.anything()] });
  expect(await associations(id)).toMatchObject([{ program: { digest: et2.digest }, to: broken.endedAt }]);
  meter.restart();
  const read = await ended((await under.as.metering.post(`/api/v1/meters/${id}/read`)).body);
  expect(read.steps.at(-1)?.text).toMatch(/^says ET-2 v\d+, but its tables are not that program's$/);
  expect((await associations(id)).filter(({ to }) => to === null)).toEqual([]);
});

test("connections to the database that break under running sessions end neither the site nor the sessions", async () => {
  const ids = await Promise.all(Array.from({ length: 4 }, async () => (await installed("rx-2s")).id));
  const asked = await Promise.all(ids.map((id) => program(id, et2)));
  const db = openDatabase<LedgerTables>(under.appUrl, 1);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = current_user and pid <> pg_backend_pid() and datname = current_database()`.execute(db);
  await db.destroy();
  for (const { body } of asked) expect((await ended(body)).state).toMatch(/verified|failed/);
  expect((await under.as.viewer.get("/api/v1/site")).status).toBe(200);
});

test("a step that cannot be recorded does not decide how a session ends", async () => {
  const { id } = await installed("rx-2s");
  const owner = openDatabase<LedgerTables>(under.ownerUrl, 1);
  const app = decodeURIComponent(new URL(under.appUrl).username);
  await sql`revoke insert on session_step from ${sql.id(app)}`.execute(owner);
  const session = await ended((await program(id, et2)).body);
  await sql`grant insert on session_step to ${sql.id(app)}`.execute(owner);
  await owner.destroy();
  expect(session).toMatchObject({ state: "verified", steps: [] });
  expect(await associations(id)).toHaveLength(1);
});

test("an end that the database does not take is offered again until it does", async () => {
  const { id } = await installed("rx-2s");
  const owner = openDatabase<LedgerTables>(under.ownerUrl, 1);
  const app = decodeURIComponent(new URL(under.appUrl).username);
  await sql`revoke insert on read_back from ${sql.id(app)}`.execute(owner);
  const { body } = await program(id, et2);
  await vi.waitFor(async () => {
    const { body: seen } = await under.as.viewer.get(`/api/v1/sessions/${(body as Session).id}`);
    expect((seen as SessionDetail).progress?.step).toBe("live-state");
  });
  await sql`grant insert on read_back to ${sql.id(app)}`.execute(owner);
  await owner.destroy();
  expect(await ended(body)).toMatchObject({ state: "verified" });
});

test("a session that the site died in starts again with the next site and finishes", async () => {
  const { id } = await installed("rx-2s");
  const db = openDatabase<LedgerTables>(under.appUrl, 1);
  const meter = await db.selectFrom("meter").select("id").where("public_id", "=", id).executeTakeFirstOrThrow();
  const taken = await db.selectFrom("library_program").select("id").where("public_id", "=", et2.id).executeTakeFirstOrThrow();
  const left = await db
    .insertInto("meter_session")
    .values({ meter_id: meter.id, kind: "program", library_program_id: taken.id, state: "running", requested_by: "metering@site.test" })
    .returning("public_id as id")
    .executeTakeFirstOrThrow();
  await db.destroy();
  const next = await under.startAnother(modules);
  const session = await ended(left);
  expect(session.state).toBe("verified");
  expect(session.steps[0]?.text).toContain("the site stopped in the middle");
  await next.stop();
});

test("reading stores what was read, also of a meter without a program", async () => {
  const { id } = await installed("rx-2s");
  const asked = await under.as.metering.post(`/api/v1/meters/${id}/read`);
  const session = await ended(asked.body);
  expect(session).toMatchObject({ state: "read", program: null, written: [] });
  expect(session.readBack.map(({ table }) => table)).toEqual(expect.arrayContaining([0, 1, 3, 23, 52, 54, 55]));
});

test("[MFG-6] who may only look cannot program or read meters", async () => {
  const { id } = await installed("rx-2s");
  expect(await under.as.viewer.post(`/api/v1/meters/${id}/program`, { program: et2.id })).toMatchObject({ status: 403 });
  expect(await under.as["rate-analyst"].post(`/api/v1/meters/${id}/read`)).toMatchObject({ status: 403 });
});

