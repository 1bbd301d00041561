import { readFile } from "node:fs/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestOfValue } from "@metersmith/base/digest";
import { openDatabase } from "@metersmith/postgres/pool";
import type { CalendarView, ProgramDetail, ProgramDocument } from "../authoring/api/contract.ts";
import { authoringModule } from "../authoring/module.ts";
import { deviceTypesModule } from "../device-types/module.ts";
import { readDeviceTypes } from "../device-types/store/installed-folder.ts";
import { KeptDeviceTypes } from "../device-types/store/kept-device-types.ts";
import type { Me } from "../identity/api/contract.ts";
import { identityModule } from "../identity/module.ts";
import { type Answer, type SiteUnderTest, siteUnderTest } from "../testing/site-under-test.ts";
import type { LibraryProgram } from "./api/contract.ts";
import { libraryModule } from "./module.ts";

const examples = new URL("../../examples/tariffs/", import.meta.url);
const example = async (name: string): Promise<unknown> => JSON.parse(await readFile(new URL(name, examples), "utf8"));

let manufacturer: SiteUnderTest;
let utility: SiteUnderTest;
let request: { deviceType: string; tariffFile: string; tariff: unknown; answers: Record<string, unknown> };

beforeAll(async () => {
  const types = new KeptDeviceTypes(await readDeviceTypes("device-types"));
  [manufacturer, utility] = await Promise.all([
    siteUnderTest([identityModule([]), deviceTypesModule(types), authoringModule(types)], "manufacturer"),
    siteUnderTest([identityModule([]), deviceTypesModule(types), authoringModule(types), libraryModule(types)]),
  ]);
  request = {
    deviceType: "rx-2s",
    tariffFile: "aps-et-2-tou.json",
    tariff: await example("aps-et-2-tou.json"),
    answers: (await example("aps-et-2-tou.answers.json")) as Record<string, unknown>,
  };
});
afterAll(() => Promise.all([manufacturer.stop(), utility.stop()]));

const author = (): Promise<Answer> => manufacturer.as["rate-analyst"].post("/api/v1/programs", request);
const documentOf = (answer: Answer): ProgramDocument => (answer.body as ProgramDetail).document;

describe("authoring", () => {
  test("[MFG-1] a tariff and its answers become a program with a digest, a report, and what stays in billing", async () => {
    const answer = await author();
    expect(answer).toMatchObject({ status: 201, body: { code: "ET-2", version: 1, deviceType: "rx-2s", createdBy: "rate-analyst@site.test" } });
    const detail = answer.body as ProgramDetail;
    expect(detail.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(detail.document.staysInBilling.map(({ field }) => field)).toContain("fixedchargefirstmeter");
    expect(detail.report.some(({ parameter, table }) => table === 54 && parameter.startsWith("calendar"))).toBe(true);
  });

  test("[MFG-2] every version is kept with who and when, and the database itself refuses to change one", async () => {
    const again = await author();
    expect(again).toMatchObject({ status: 201, body: { version: 2 } });
    const { body } = await manufacturer.as.viewer.get("/api/v1/programs");
    expect((body as { items: unknown[] }).items).toHaveLength(2);
    const db = openDatabase<{ program: { name: string } }>(manufacturer.appUrl, 1);
    // As a request of the organization would come, which alone sees the rows.
    const { organization } = (await manufacturer.as.viewer.get("/api/v1/me")).body as Me;
    await sql`select set_config('metersmith.organization', ${organization.id}, false)`.execute(db);
    await expect(db.updateTable("program").set({ name: "another" }).execute()).rejects.toThrow(/never changed or deleted/);
    await expect(db.deleteFrom("program").execute()).rejects.toThrow(/never changed or deleted/);
    await db.destroy();
  });

  test("[MFG-1] a program's calendar is there to look at before any meter holds it", async () => {
    const { body } = await manufacturer.as.viewer.get("/api/v1/programs");
    const id = (body as { items: ProgramDetail[] }).items[0]?.id;
    const answer = await manufacturer.as.viewer.get(`/api/v1/programs/${id}/calendar`);
    expect(answer).toMatchObject({ status: 200, body: { zone: "America/Phoenix", endsOn: "2034-12-31", tiers: [{ name: "off-peak" }, { name: "on-peak" }] } });
    // The rate's own hours: on-peak from noon to 7 p.m. on weekdays.
    const { pictures } = answer.body as CalendarView;
    const july = pictures.find(({ dayType }) => dayType === "weekday")?.cells[6]?.map(({ tier }) => tier);
    expect(july).toEqual(Array.from({ length: 24 }, (_, hour) => (hour >= 12 && hour < 19 ? 1 : 0)));
    expect(await manufacturer.as.anonymous.get(`/api/v1/programs/${id}/calendar`)).toMatchObject({ status: 401 });
    expect(await manufacturer.as.viewer.get("/api/v1/programs/0197a000-0000-7000-8000-000000000001/calendar")).toMatchObject({ status: 404 });
  });

  test("two authors of one code at once get two versions", async () => {
    const both = await Promise.all([author(), author()]);
    expect(both.map(({ body }) => (body as ProgramDetail).version).toSorted((a, b) => a - b)).toEqual([3, 4]);
  });

  test("a broken tariff, a missing answer and an unknown type are refused with file and field, and make no version", async () => {
    const before = await manufacturer.as.viewer.get("/api/v1/programs");
    const tariff = structuredClone(request.tariff) as { energyweekdayschedule: number[][] };
    tariff.energyweekdayschedule[3]?.push(9);
    const { clock: _clock, ...withoutClock } = request.answers;
    const wrong = [
      { ...request, tariff },
      { ...request, answers: withoutClock },
      { ...request, deviceType: "no-such-type" },
      { ...request, tariff: "not a rate" },
    ];
    const answers = await Promise.all(wrong.map((body) => manufacturer.as["rate-analyst"].post("/api/v1/programs", body)));
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
    const details = answers.map(({ body }) => (body as { detail: string }).detail);
    expect(details[0]).toMatch(/aps-et-2-tou\.json: energyweekdayschedule\[3\]/);
    expect(details[1]).toMatch(/clock/);
    expect(details[2]).toMatch(/ix-4s, px-9s, rx-2s/);
    expect((await manufacturer.as.viewer.get("/api/v1/programs")).body).toEqual(before.body);
  });
});

describe("library", () => {
  test("[MFG-3] a document that builds here to the same content is taken in, once", async () => {
    const document = documentOf(await author());
    const first = await utility.as.metering.post("/api/v1/library-programs", document);
    expect(first).toMatchObject({ status: 200, body: { digest: document.build.digest, receivedBy: "metering@site.test" } });
    const second = await utility.as.metering.post("/api/v1/library-programs", document);
    expect((second.body as LibraryProgram).id).toBe((first.body as LibraryProgram).id);
  });

  test("a program of the library shows the same calendar as at its author's", async () => {
    const made = (await author()).body as ProgramDetail;
    const taken = (await utility.as.metering.post("/api/v1/library-programs", made.document)).body as LibraryProgram;
    const ours = await utility.as.viewer.get(`/api/v1/library-programs/${taken.id}/calendar`);
    expect(ours.status).toBe(200);
    expect(ours.body).toEqual((await manufacturer.as.viewer.get(`/api/v1/programs/${made.id}/calendar`)).body);
    expect(await utility.as.viewer.get(`/api/v1/library-programs/${made.id}/calendar`)).toMatchObject({ status: 404 });
  });

  test("any altered octet of an image, another digest, altered parameters: refused, and the library is as it was", async () => {
    const document = documentOf(await author());
    const before = await utility.as.viewer.get("/api/v1/library-programs");
    const flipped = (hex: string): string => (hex.startsWith("0") ? "1" : "0") + hex.slice(1);
    const altered: unknown[] = document.build.writes.map((_image, index) => {
      const copy = structuredClone(document);
      const image = copy.build.writes[index];
      if (image) image.bytes = flipped(image.bytes);
      return copy;
    });
    altered.push({ ...document, build: { ...document.build, digest: `sha256:${"0".repeat(64)}` } });
    altered.push({ ...document, code: "OTHER" });
    const parameters = structuredClone(document.parameters) as { calendar: { schedules: { switches: { tier: number }[] }[] } };
    const change = parameters.calendar.schedules[0]?.switches[0];
    if (change) change.tier ^= 1;
    altered.push({ ...document, parameters });
    const renamed = structuredClone(document.parameters) as { calendar: { tiers: string[] } };
    renamed.calendar.tiers.reverse();
    altered.push({ ...document, parameters: renamed });
    altered.push({ ...document, staysInBilling: [] });
    altered.push({ ...document, warnings: [] });
    altered.push({ ...document, tariff: { ...document.tariff, utility: "Another Utility" } });
    altered.push({ ...document, digest: `sha256:${"0".repeat(64)}` });
    const answers = await Promise.all(altered.map((body) => utility.as.metering.post("/api/v1/library-programs", body)));
    expect(answers.map(({ status }) => status)).toEqual(altered.map(() => 422));
    expect((await utility.as.viewer.get("/api/v1/library-programs")).body).toEqual(before.body);
  });

  test("a version number stands for one content", async () => {
    const answers = { ...request.answers, years: { first: 2027, last: 2030 } };
    const own = documentOf(await utility.as["rate-analyst"].post("/api/v1/programs", { ...request, answers }));
    const { body } = await manufacturer.as.viewer.get("/api/v1/programs");
    const [theirs] = (body as { items: ProgramDetail[] }).items.filter(({ version }) => version === own.version);
    const clash = await manufacturer.as.viewer.get(`/api/v1/programs/${theirs?.id}`);
    expect(await utility.as.metering.post("/api/v1/library-programs", own)).toMatchObject({ status: 200 });
    expect(await utility.as.metering.post("/api/v1/library-programs", documentOf(clash))).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("another program ET-2 v1") },
    });
  });

  test("the same version with other names is another content, even where its octets are the same", async () => {
    const document = documentOf(await author());
    await utility.as.metering.post("/api/v1/library-programs", document);
    const { digest: _digest, ...content } = { ...document, staysInBilling: [] };
    const clash = { ...content, digest: digestOfValue(content) };
    expect(await utility.as.metering.post("/api/v1/library-programs", clash)).toMatchObject({ status: 409 });
  });

  test("a source that is no web address, or text with control characters, is no document", async () => {
    const document = documentOf(await author());
    const wrong = [
      { ...document, tariff: { ...document.tariff, source: "javascript:alert(1)" } },
      { ...document, name: "rate\u0000" },
      { ...document, staysInBilling: [{ field: "x", message: "\ud800" }] },
    ];
    for (const body of wrong) expect(await utility.as.metering.post("/api/v1/library-programs", body)).toMatchObject({ status: 400 });
  });

  test("[MFG-6] who may not receive programs cannot", async () => {
    const document = documentOf(await author());
    expect(await utility.as["rate-analyst"].post("/api/v1/library-programs", document)).toMatchObject({ status: 403 });
  });
});
