import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { largestArchive } from "@metersmith/programs";
import { openDatabase } from "@metersmith/postgres/pool";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ListedEntry } from "../audit/api/contract.ts";
import { authoringModule } from "../authoring/module.ts";
import { identityModule } from "../identity/module.ts";
import { keysFolder, makerUnderTest, renamedType } from "../testing/foreign-type.ts";
import { type Answer, type SiteUnderTest, siteUnderTest } from "../testing/site-under-test.ts";
import type { DeviceTypeDetail } from "./api/contract.ts";
import { examineArchive } from "./jobs/examine.ts";
import { deviceTypesModule } from "./module.ts";
import { readDeviceTypes } from "./store/installed-folder.ts";
import { KeptDeviceTypes } from "./store/kept-device-types.ts";
import { readManufacturerKeys } from "./store/manufacturer-keys.ts";
import type { DeviceTypeTables } from "./store/tables.ts";

const maker = makerUnderTest("MSMT", 7);
const other = makerUnderTest("OTHR", 8);
let keys: Awaited<ReturnType<typeof keysFolder>>;
let under: SiteUnderTest;

beforeAll(async () => {
  keys = await keysFolder([maker, other]);
  const types = new KeptDeviceTypes(await readDeviceTypes("device-types"));
  under = await siteUnderTest([identityModule([]), deviceTypesModule(types), authoringModule(types)], "utility", { manufacturerKeysFolder: keys.folder });
});
afterAll(async () => {
  await under.stop();
  await keys.remove();
});

const upload = (archive: Uint8Array): Promise<Answer> => under.as.administrator.post("/api/v1/device-types", archive);
const wx = (version?: string, title?: string) => renamedType("wx-1", { id: "wx-2", model: "WX-2", ...(version === undefined ? {} : { version }), ...(title === undefined ? {} : { title }) });
const list = async (): Promise<readonly { id: string; version: string }[]> => ((await under.as.viewer.get("/api/v1/device-types")).body as { items: { id: string; version: string }[] }).items;
const versionInUse = async (id: string): Promise<string | undefined> => (await list()).find((type) => type.id === id)?.version;

async function archivesKept(): Promise<number> {
  const db = openDatabase<DeviceTypeTables>(under.appUrl, 1);
  const rows = await db.selectFrom("device_type_archive").select("id").execute();
  await db.destroy();
  return rows.length;
}

describe("[PLG-1] a device type is taken in while the site runs", () => {
  test("it is in use at once, with who signed it and who brought it, and the action is on record", async () => {
    expect(await versionInUse("wx-2")).toBeUndefined();
    const taken = await upload(await maker.pack(await wx()));
    expect(taken).toMatchObject({ status: 201, body: { id: "wx-2", version: "1.0.0", measures: [{ quantity: "m3", unit: "m³" }] } });
    const [version] = (taken.body as DeviceTypeDetail).versions;
    expect(version).toMatchObject({ inUse: true, withdrawn: null, origin: { kind: "received", by: "administrator@site.test", signedBy: { code: "MSMT", name: "Maker MSMT" } } });
    expect(await versionInUse("wx-2")).toBe("1.0.0");
    const { body } = await under.as.administrator.get("/api/v1/audit-entries?verb=device-type.receive");
    const [entry] = (body as { items: ListedEntry[] }).items;
    expect(entry).toMatchObject({ object: { kind: "device-type", id: "wx-2" }, actor: { name: "administrator@site.test" }, facts: { came: "new", manufacturer: "MSMT" } });
    expect(version?.origin.kind === "received" && version.origin.archiveDigest).toBe(entry?.digest);
  });

  test("the very archive again makes nothing new", async () => {
    expect(await upload(await maker.pack(await wx()))).toMatchObject({ status: 200 });
    expect(await archivesKept()).toBe(1);
  });

  test("another process over the same database uses it at once", async () => {
    const types = new KeptDeviceTypes(await readDeviceTypes("device-types"));
    const second = await under.startAnother([identityModule([]), deviceTypesModule(types), authoringModule(types)]);
    const db = openDatabase<unknown>(under.appUrl, 1);
    expect((await types.inUse(db, "wx-2"))?.version).toBe("1.0.0");
    await db.destroy();
    await second.stop();
  });

  test("a newer version takes its place, an older one is refused, and one version has one content", async () => {
    expect(await upload(await maker.pack(await wx("1.2.0")))).toMatchObject({ status: 201, body: { version: "1.2.0" } });
    expect(await upload(await maker.pack(await wx("1.1.0")))).toMatchObject({ status: 409, body: { detail: "This site uses wx-2 1.2.0; 1.1.0 is older." } });
    const altered = await upload(await maker.pack(await wx("1.2.0", "Another title")));
    expect(altered).toMatchObject({ status: 409 });
    expect((altered.body as { detail: string }).detail).toMatch(/has wx-2 1\.2\.0 with another content/);
    const { body } = await under.as.viewer.get("/api/v1/device-types/wx-2");
    expect((body as DeviceTypeDetail).versions.map(({ version, inUse }) => [version, inUse])).toEqual([["1.2.0", true], ["1.0.0", false]]);
  });

  test("two who bring two contents of one version at once: one is taken", async () => {
    const both = await Promise.all(["A", "B"].map(async (title) => upload(await maker.pack(await wx("2.0.0", title)))));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
  });

  test("a withdrawn version goes out of use for good, with who and why; the one before is in use again", async () => {
    const ask = (version: string) => under.as.administrator.post("/api/v1/device-types/wx-2/withdraw", { version, reason: "wrong pulse weight" });
    expect(await ask("2.0.0")).toMatchObject({ status: 200, body: { version: "1.2.0" } });
    expect(await ask("2.0.0")).toMatchObject({ status: 409 });
    const { body } = await under.as.viewer.get("/api/v1/device-types/wx-2");
    expect((body as DeviceTypeDetail).versions[0]).toMatchObject({ version: "2.0.0", inUse: false, withdrawn: { by: "administrator@site.test", reason: "wrong pulse weight" } });
    for (const title of ["A", "B"]) {
      expect(await upload(await maker.pack(await wx("2.0.0", title)))).toMatchObject({ status: 409, body: { detail: expect.stringMatching(/was withdrawn here by administrator@site\.test: wrong pulse weight/) } });
    }
    expect(await under.as.administrator.post("/api/v1/device-types/rx-2s/withdraw", { version: await versionInUse("rx-2s"), reason: "x" })).toMatchObject({ status: 409, body: { detail: expect.stringMatching(/came with the software/) } });
  });

  test("the database itself lets nobody change or delete a type, nor bring one for another organization", async () => {
    const owner = openDatabase<DeviceTypeTables>(under.ownerUrl, 1);
    await expect(owner.updateTable("device_type_archive").set({ version: "9.9.9" }).execute()).rejects.toThrow(/never changed or deleted/);
    await expect(owner.deleteFrom("device_type_withdrawal").execute()).rejects.toThrow(/never changed or deleted/);
    await owner.destroy();
    const db = openDatabase<DeviceTypeTables>(under.appUrl, 1);
    expect(await db.updateTable("device_type_archive").set({ version: "9.9.9" }).executeTakeFirst()).toMatchObject({ numUpdatedRows: 0n });
    expect(await db.deleteFrom("device_type_archive").executeTakeFirst()).toMatchObject({ numDeletedRows: 0n });
    await expect(db.insertInto("device_type_withdrawal").values({ archive_id: "1", by_name: "x", by_actor: "x", reason: "x" }).execute()).rejects.toThrow(/row-level security/);
    await db.destroy();
  });
});

describe("[PLG-1] what is not to be taken is refused with reason and place, and nothing is left of it", () => {
  const withFile = async (file: string, edit: (json: Record<string, unknown>) => void): Promise<Map<string, string>> => {
    const files = await renamedType("wx-1", { id: "wx-3", model: "WX-3" });
    const json = JSON.parse(files.get(file) ?? "") as Record<string, unknown>;
    edit(json);
    return files.set(file, JSON.stringify(json));
  };
  const flipped = async (): Promise<Uint8Array> => {
    const archive = await maker.pack(await renamedType("wx-1", { id: "wx-3", model: "WX-3" }));
    archive[archive.length >> 1]! ^= 1;
    return archive;
  };

  test.each<[string, () => Promise<Uint8Array>, string, RegExp]>([
    ["one flipped bit", flipped, "bad-signature", /^signature: /],
    ["signed by nobody known", async () => makerUnderTest("MSMT", 9).pack(await wx("3.0.0")), "unknown-key", /^key id: [0-9a-f]{16} is not trusted here; trusted are the keys of: MSMT, OTHR/],
    ["signed by another manufacturer", async () => other.pack(await wx("3.0.0")), "key-not-allowed", /^manifest\.json: manufacturer\.code: the type is of MSMT/],
    ["a mapping without a place for the calendar", async () => maker.pack(await withFile("mapping.json", (json) => (json["rules"] = (json["rules"] as { use: string }[]).filter(({ use }) => use !== "calendar")))), "device-type-invalid", /^mapping\.json: a program that fills wx-3 does not build: trial: calendar\.tiers: is not held/],
    ["no archive", async () => new Uint8Array(64), "archive-invalid", /^archive: /],
  ])("%s", async (_, make, code, detail) => {
    const before = await archivesKept();
    const answer = await upload(await make());
    expect(answer).toMatchObject({ status: 422, body: { code, detail: expect.stringMatching(detail) } });
    expect(await archivesKept()).toBe(before);
    expect(await versionInUse("wx-3")).toBeUndefined();
  });

  test("one that runs long, or needs too much memory, ends with its process and the site goes on", async () => {
    const archive = await maker.pack(await wx("3.0.0"));
    const trust = await readManufacturerKeys(keys.folder);
    await expect(examineArchive(archive, trust, 0, { milliseconds: 1, mebibytes: 256 })).rejects.toMatchObject({ code: "device-type-invalid", message: "archive: reading and trying the type took longer than 0.001 s, and was ended" });
    await expect(examineArchive(archive, trust, 0, { milliseconds: 15_000, mebibytes: 8 })).rejects.toMatchObject({ code: "device-type-invalid", message: expect.stringMatching(/needed more than 8 MiB/) });
  });

  test("more than the bound is not read to its end", async () => {
    expect(await upload(new Uint8Array(largestArchive + 1))).toMatchObject({ status: 413 });
  });

  test("an id that another manufacturer's type has here", async () => {
    const files = await renamedType("wx-1", { id: "wx-2", model: "WX-2", version: "9.0.0" });
    for (const file of ["manifest.json", "factory.json", "fragment.json"]) files.set(file, (files.get(file) ?? "").replaceAll('"MSMT"', '"OTHR"'));
    expect(await upload(await other.pack(files))).toMatchObject({ status: 409, body: { detail: "wx-2 is a type of MSMT here; this archive is OTHR's. Its id has to be another one." } });
  });

  test("a key that its operator took away takes nothing in any more; what was taken in stays", async () => {
    await rm(join(keys.folder, "maker-0.json"));
    expect(await upload(await maker.pack(await wx("4.0.0")))).toMatchObject({ status: 422, body: { code: "unknown-key" } });
    expect(await versionInUse("wx-2")).toBe("1.2.0");
    await writeFile(join(keys.folder, "maker-0.json"), JSON.stringify(maker.key));
    expect(await under.as.viewer.get("/api/v1/manufacturer-keys")).toMatchObject({ body: { items: [{ code: "MSMT" }, { code: "OTHR" }] } });
  });

  test("a file in the folder of keys that is none is named", async () => {
    await writeFile(join(keys.folder, "notes.json"), "{}");
    expect(await under.as.viewer.get("/api/v1/manufacturer-keys")).toMatchObject({ status: 422, body: { detail: expect.stringMatching(/^notes\.json: /) } });
    await rm(join(keys.folder, "notes.json"));
  });
});
