import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { silentLog } from "@metersmith/base/log";
import { freePort } from "@metersmith/node/free-port";
import { startBroker } from "@metersmith/mqtt/broker";
import { connectMqtt, type MqttLink } from "@metersmith/mqtt/mqtt-link";
import { identityModule } from "../identity/module.ts";
import { type SiteUnderTest, siteUnderTest } from "../testing/site-under-test.ts";
import type { Concentrator } from "./api/contract.ts";
import { networkModule } from "./module.ts";

const accounts = [
  { username: "test", password: "t", publish: [], subscribe: ["ms/1/test/#"] },
  { username: "street", password: "s", publish: ["ms/1/test/street/presence"], subscribe: [] },
];
let broker: Awaited<ReturnType<typeof startBroker>>;
let under: SiteUnderTest;
let street: MqttLink;

beforeAll(async () => {
  broker = await startBroker({ accounts, log: silentLog, port: await freePort() });
  const site = { url: broker.url, username: "test", password: "t" };
  under = await siteUnderTest([identityModule([]), networkModule()], "utility", { mqtt: site });
  street = await connectMqtt({ url: broker.url, username: "street", password: "s", clientId: "street", log: silentLog });
});
afterAll(async () => {
  await street.close();
  await under.stop();
  await broker.stop();
});

const publish = (message: object): Promise<void> => street.publish("ms/1/test/street/presence", new TextEncoder().encode(JSON.stringify(message)), true);

/** Asks until the site has what was published; the broker and the database decide when. */
const shown = (expected: Partial<Concentrator>): Promise<Concentrator> =>
  vi.waitFor(async () => {
    const { body } = await under.as.viewer.get("/api/v1/concentrators");
    const [found] = (body as { items: Concentrator[] }).items;
    expect(found).toMatchObject(expected);
    return found as Concentrator;
  });

test("who is there is shown with how many meters, and the time changes only when presence does", async () => {
  await publish({ online: true, meters: 12 });
  const first = await shown({ name: "street", online: true, meters: 12 });
  await publish({ online: true, meters: 13 });
  expect(await shown({ online: true, meters: 13 })).toMatchObject({ since: first.since });
  await publish({ online: false, meters: 13 });
  const away = await shown({ online: false });
  expect(Date.parse(away.since)).toBeGreaterThanOrEqual(Date.parse(first.since));
});

test("a message that is none changes nothing", async () => {
  const before = await shown({});
  await publish({ online: "perhaps" });
  await publish({ online: before.online, meters: 99 });
  expect(await shown({ meters: 99 })).toMatchObject({ since: before.since, online: before.online });
});
