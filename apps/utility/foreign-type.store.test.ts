import { readFile } from "node:fs/promises";
import type { ProgramDetail } from "@metersmith/modules/authoring/api/contract.ts";
import { KeptDeviceTypes } from "@metersmith/modules/device-types/store/kept-device-types.ts";
import { readDeviceTypes } from "@metersmith/modules/device-types/store/installed-folder.ts";
import type { Association, MeterCalendar, SessionDetail } from "@metersmith/modules/ledger/api/contract.ts";
import type { LibraryProgram } from "@metersmith/modules/library/api/contract.ts";
import type { Meter } from "@metersmith/modules/registry/api/contract.ts";
import { keysFolder, makerUnderTest, renamedType } from "@metersmith/modules/testing/foreign-type.ts";
import { type MeterUnderTest, meterUnderTest } from "@metersmith/modules/testing/meter-under-test.ts";
import { type Answer, type SiteUnderTest, siteUnderTest } from "@metersmith/modules/testing/site-under-test.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { utilityModules } from "./mounted-modules.ts";

const maker = makerUnderTest("MSMT", 7);
const type = { id: "zx-9", model: "ZX-9" };
let keys: Awaited<ReturnType<typeof keysFolder>>;
let under: SiteUnderTest;
let meter: MeterUnderTest;

beforeAll(async () => {
  keys = await keysFolder([maker]);
  meter = await meterUnderTest(type.id, "ZX1", {}, await renamedType("ix-4s", type));
  under = await siteUnderTest(utilityModules(new KeptDeviceTypes(await readDeviceTypes("device-types")), "5a".repeat(32)), "utility", { manufacturerKeysFolder: keys.folder });
});
afterAll(async () => {
  await under.stop();
  await meter.stop();
  await keys.remove();
});

const json = async (file: string): Promise<unknown> => JSON.parse(await readFile(`examples/tariffs/${file}`, "utf8"));

async function author(): Promise<Answer> {
  return under.as["rate-analyst"].post("/api/v1/programs", {
    deviceType: type.id, tariffFile: "sce-gs-2-tou-b-single-phase.json", tariff: await json("sce-gs-2-tou-b-single-phase.json"), answers: await json("sce-gs-2-tou-b-single-phase.answers.json"),
  });
}

async function ended(session: string): Promise<SessionDetail> {
  for (;;) {
    const found = (await under.as.viewer.get(`/api/v1/sessions/${session}`)).body as SessionDetail;
    if (found.state !== "waiting" && found.state !== "running") return found;
  }
}

test("[PLG-1] a device type that did not exist when the server started is uploaded and programs a meter, over real sockets, and reads it back", async () => {
  const register = () => under.as.metering.post("/api/v1/meters", { meters: [meter.registration] });
  expect(await author()).toMatchObject({ status: 422, body: { detail: expect.stringMatching(/There is no device type “zx-9” here/) } });
  expect(await register()).toMatchObject({ status: 422 });

  expect(await under.as.administrator.post("/api/v1/device-types", await maker.pack(await renamedType("ix-4s", type)))).toMatchObject({ status: 201 });
  const made = await author();
  expect(made).toMatchObject({ status: 201, body: { deviceType: "zx-9" } });
  const received = await under.as.metering.post("/api/v1/library-programs", (made.body as ProgramDetail).document);
  expect(received).toMatchObject({ status: 200 });
  const [registered] = ((await register()).body as { items: Meter[] }).items;

  const asked = await under.as.metering.post(`/api/v1/meters/${registered?.id}/program`, { program: (received.body as LibraryProgram).id });
  expect(asked).toMatchObject({ status: 202 });
  const session = await ended((asked.body as { id: string }).id);
  expect(session).toMatchObject({ state: "verified", reason: null, mismatches: [] });
  expect(session.liveState.every(({ ok }) => ok)).toBe(true);

  const calendar = await under.as.viewer.get(`/api/v1/meters/${registered?.id}/calendar`);
  expect((calendar.body as MeterCalendar).tiers.length).toBeGreaterThan(2);
  const read = await under.as.metering.post(`/api/v1/meters/${registered?.id}/read`);
  expect((await ended((read.body as { id: string }).id)).steps.at(-1)?.text).toMatch(/^runs .+ v1, bit by bit$/);
  const { items } = (await under.as.viewer.get(`/api/v1/associations?meter=${registered?.id}`)).body as { items: Association[] };
  expect(items[0]?.program.digest).toBe((received.body as LibraryProgram).digest);
});
