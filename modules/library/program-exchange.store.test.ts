import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "@metersmith/postgres/pool";
import type { ProgramDetail, ProgramDocument } from "../authoring/api/contract.ts";
import { authoringModule } from "../authoring/module.ts";
import { readDeviceTypes } from "../authoring/store/device-type-folder.ts";
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
  const types = await readDeviceTypes("device-types");
  [manufacturer, utility] = await Promise.all([
    siteUnderTest([identityModule([]), authoringModule(types)], "manufacturer"),
    siteUnderTest([identityModule([]), authoringModule(types), libraryModule(types)]),
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
    await expect(db.updateTable("program").set({ name: "another" }).execute()).rejects.toThrow(/never changed or deleted/);
    await expect(db.deleteFrom("program").execute()).rejects.toThrow(/never changed or deleted/);
    await db.destroy();
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
    expect(details[2]).toMatch(/ix-4s, rx-2s/);
    expect(await manufacturer.as.viewer.get("/api/v1/programs")).toEqual(before);
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
    const answers = await Promise.all(altered.map((body) => utility.as.metering.post("/api/v1/library-programs", body)));
    expect(answers.map(({ status }) => status)).toEqual(altered.map(() => 422));
    expect(await utility.as.viewer.get("/api/v1/library-programs")).toEqual(before);
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

  test("[MFG-6] who may not receive programs cannot", async () => {
    const document = documentOf(await author());
    expect(await utility.as["rate-analyst"].post("/api/v1/library-programs", document)).toMatchObject({ status: 403 });
  });
});
