import { afterAll, beforeAll, expect, test } from "vitest";
import { fromHex } from "@metersmith/base/bytes";
import { sealing } from "@metersmith/node/sealing";
import { openDatabase } from "@metersmith/postgres/pool";
import { identityModule } from "../identity/module.ts";
import { type SiteUnderTest, siteUnderTest } from "../testing/site-under-test.ts";
import { registryModule } from "./module.ts";
import { meterDirectory } from "./store/directory.ts";
import type { RegistryTables } from "./store/meters.ts";

const seal = sealing("5a".repeat(32));
let under: SiteUnderTest;
beforeAll(async () => void (under = await siteUnderTest([identityModule([]), registryModule(seal, { ids: async () => ["rx-2s", "ix-4s"] })])));
afterAll(() => under.stop());

const password = "6d65746572206f6e65206d65746572206f6e6521";
const meter = (serial: string, address = "tcp:127.20.0.1:1153") => ({
  manufacturer: "MSMT",
  serial,
  deviceType: "rx-2s",
  address,
  programmingPassword: password,
});

test("meters are registered once; registering again brings the address up to date and keeps the identity", async () => {
  const first = await under.as.metering.post("/api/v1/meters", { meters: [meter("A1"), meter("A2")] });
  expect(first).toMatchObject({ status: 200, body: { items: [{ serial: "A1" }, { serial: "A2" }] } });
  const again = await under.as.metering.post("/api/v1/meters", { meters: [meter("A1", "tcp:127.20.0.9:1153")] });
  const [before] = (first.body as { items: { id: string }[] }).items;
  expect(again.body).toMatchObject({ items: [{ id: before?.id, address: "tcp:127.20.0.9:1153" }] });
});

test("lists go on where the last page ended", async () => {
  await under.as.metering.post("/api/v1/meters", { meters: ["B1", "B2", "B3"].map((serial) => meter(serial)) });
  const seen: string[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const { body } = await under.as.viewer.get(`/api/v1/meters?limit=2${after ? `&after=${after}` : ""}`);
    const page = body as { items: { serial: string }[]; after: string | null };
    seen.push(...page.items.map(({ serial }) => serial));
    after = page.after;
  }
  expect(seen).toEqual(["A1", "A2", "B1", "B2", "B3"]);
});

test("a page that begins after a row of another list is refused: an empty one would look like the end", async () => {
  const answer = await under.as.viewer.get("/api/v1/meters?after=01999999-0000-7000-8000-000000000000");
  expect(answer).toMatchObject({ status: 400, body: { code: "unknown-cursor" } });
});

test("the password is kept sealed, never answered, and opens for a session", async () => {
  const { body } = await under.as.viewer.get("/api/v1/meters");
  expect(JSON.stringify(body)).not.toContain(password);
  const db = openDatabase<RegistryTables>(under.appUrl, 1);
  const rows = await db.selectFrom("meter").select(["public_id", "sealed_password"]).execute();
  for (const row of rows) {
    expect(row.sealed_password).not.toContain(password);
    const link = await meterDirectory(seal).link(db as never, row.public_id);
    expect(Uint8Array.from(link?.programmingPassword ?? [])).toEqual(fromHex(password));
  }
  await db.destroy();
});

test.each([
  ["an address of another kind", { ...meter("C1"), address: "http://example.test" }, "address"],
  ["a password that is too short", { ...meter("C1"), programmingPassword: "00" }, "programmingPassword"],
  ["a serial of 17 characters", meter("12345678901234567"), "serial"],
  ["a port beyond 65535", meter("C1", "tcp:127.0.0.1:99999"), "address"],
  ["an address that only looks like one", meter("C1", "tcp:]]--::1:1"), "address"],
  ["a serial with a zero character", meter("C\u0000"), "serial"],
  ["no manufacturer", { ...meter("C1"), manufacturer: "" }, "manufacturer"],
])("%s is refused with the field's name and registers none of the list", async (_what, wrong, field) => {
  const answer = await under.as.metering.post("/api/v1/meters", { meters: [meter("C0"), wrong] });
  expect(answer).toMatchObject({ status: 400, body: { code: "invalid-request", errors: [{ field: expect.stringContaining(field) }] } });
  const { body } = await under.as.viewer.get("/api/v1/meters");
  expect(JSON.stringify(body)).not.toContain("C0");
});

test("a meter twice in one list, an unknown type, or another type for a known meter: refused, and nothing is registered", async () => {
  const before = (await under.as.viewer.get("/api/v1/meters")).body;
  const twice = await under.as.metering.post("/api/v1/meters", { meters: [meter("D1"), meter("D1")] });
  const unknown = await under.as.metering.post("/api/v1/meters", { meters: [meter("D1"), { ...meter("D2"), deviceType: "nonesuch" }] });
  const changed = await under.as.metering.post("/api/v1/meters", { meters: [meter("D1"), { ...meter("A1", "tcp:127.0.0.1:1"), deviceType: "ix-4s" }] });
  expect([twice.status, unknown.status, changed.status]).toEqual([400, 422, 409]);
  expect((await under.as.viewer.get("/api/v1/meters")).body).toEqual(before);
});

test("a meter that does not exist, and an id that is none, are not found and refused", async () => {
  expect(await under.as.viewer.get("/api/v1/meters/01999999-0000-7000-8000-000000000000")).toMatchObject({ status: 404 });
  expect(await under.as.viewer.get("/api/v1/meters/1")).toMatchObject({ status: 400 });
});
