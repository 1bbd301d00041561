import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromHex } from "@metersmith/base/bytes";
import { silentLog } from "@metersmith/base/log";
import { MeterClient, programMeter } from "@metersmith/client";
import { startBroker } from "@metersmith/mqtt/broker";
import { connectMqtt } from "@metersmith/mqtt/mqtt-link";
import { systemClock } from "@metersmith/node/system-clock";
import { connectTcp } from "@metersmith/node/tcp-channel";
import { openPsemClient } from "@metersmith/psem";
import { standardDefinitions } from "@metersmith/tables/standard";
import { afterEach, expect, test } from "vitest";
import { readDeviceModel } from "./device-models.ts";
import { loopbackAddress } from "./loopback-address.ts";
import type { DeliveredMeter } from "./delivered-meter.ts";
import { startStreet, type Street } from "./street.ts";
import { streetConfigFrom } from "./street-config.ts";
import { planOf, type DeviceTypeId } from "./testing/meter-in-memory.ts";

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "street-"));
  undo.push(() => rm(made, { recursive: true }));
  return made;
}

async function street(home: string, count = 3): Promise<Street> {
  const started = await startStreet({ home, count, port: 0, base: "127.77.0.0" }, silentLog);
  undo.push(() => started.stop().catch(() => undefined));
  return started;
}

async function connected({ host, port, programmingPassword }: DeliveredMeter, definitions = standardDefinitions): Promise<MeterClient> {
  const client = new MeterClient(openPsemClient(await connectTcp(host, port), systemClock), definitions);
  await client.connect({ user: "test", userId: 1, password: fromHex(programmingPassword) });
  return client;
}

test("[CON-18] a street programs over TCP, and each meter keeps its program and its passwords when the street is started again", async () => {
  const home = await folder();
  const first = await street(home);
  expect(first.meters.map(({ serial, deviceType, host }) => [serial, deviceType, host])).toEqual([
    ["RX260001", "rx-2s", "127.77.0.1"], ["RX260002", "rx-2s", "127.77.0.2"], ["IX260003", "ix-4s", "127.77.0.3"],
  ]);
  for (const meter of first.meters) {
    const client = await connected(meter);
    const plan = planOf(meter.deviceType as DeviceTypeId, meter.deviceType === "rx-2s" ? "aps-et-2-tou" : "sce-gs-2-tou-b-single-phase");
    const report = await programMeter(client, plan, { clock: systemClock });
    await client.disconnect();
    expect(report.failure ?? report.mismatches).toEqual([]);
    expect(report.outcome).toBe("verified");
  }
  await first.stop();
  const second = await street(home);
  expect(second.meters.map(({ serial, passwords }) => [serial, passwords])).toEqual(first.meters.map(({ serial, passwords }) => [serial, passwords]));
  const client = await connected(second.meters[0]!);
  expect((await client.readTable(3)).get("ED_STD_STATUS1")).toMatchObject({ UNPROGRAMMED_FLAG: false, CONFIGURATION_ERROR_FLAG: false, CLOCK_ERROR_FLAG: false });
  expect((await client.readTable(1)).get("MFG_SERIAL_NUMBER")).toBe("RX260001");
  await client.disconnect();
});

test("a street with a broker says that it is there, retained, and that it leaves", async () => {
  const topics = "ms/1/north/street";
  const accounts = [{ username: "street", password: "s", publish: [`${topics}/presence`], subscribe: [] }, { username: "head-end", password: "h", publish: [], subscribe: ["ms/1/north/#"] }];
  const broker = await startBroker({ accounts, log: silentLog, port: 0 });
  undo.push(() => broker.stop());
  const started = await startStreet({ home: await folder(), count: 2, port: 0, base: "127.77.0.0", mqtt: { url: broker.url, username: "street", password: "s", topics } }, silentLog);
  undo.push(() => started.stop().catch(() => undefined));
  const headEnd = await connectMqtt({ url: broker.url, username: "head-end", password: "h", clientId: "head-end", log: silentLog });
  undo.push(() => headEnd.close());
  const heard: { online: boolean; meters: number }[] = [];
  const told = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await headEnd.subscribe(`${topics}/presence`, (_, payload) => {
    heard.push(JSON.parse(new TextDecoder().decode(payload)) as { online: boolean; meters: number });
    told[heard.length - 1]?.resolve();
  });
  await told[0]?.promise;
  expect(heard[0]).toMatchObject({ online: true, meters: 2 });
  await started.stop();
  await told[1]?.promise;
  expect(heard[1]).toMatchObject({ online: false, meters: 2 });
});

test("a second street on the same state is refused, saying so", async () => {
  const home = await folder();
  await street(home, 1);
  await expect(street(home, 1)).rejects.toMatchObject({ code: "state-in-use", message: expect.stringContaining("another street runs on it") as unknown });
});

test("a street grows, and keeps the meters it has", async () => {
  const home = await folder();
  const small = await street(home, 1);
  await small.stop();
  const large = await street(home, 2);
  expect(large.meters[0]?.passwords).toEqual(small.meters[0]?.passwords);
  expect(large.meters).toHaveLength(2);
});

test("addresses go on past the last octet, and stay in 127/8", () => {
  expect(loopbackAddress("127.10.0.0", 1)).toBe("127.10.0.1");
  expect(loopbackAddress("127.10.0.0", 300)).toBe("127.10.1.44");
  expect(() => loopbackAddress("127.255.255.255", 1)).toThrow(/127\.10\.0\.0/);
  expect(() => loopbackAddress("10.0.0.0", 1)).toThrow(/no loopback address/);
});

test.each([
  [["--home", "x", "--count", "0"], "--count: expected a number of meters, 1 to 5000"],
  [["--home", "x", "--count", "1e3"], "--count"],
  [["--home", "x", "--port", "70000"], "--port: expected a TCP port"],
  [["--count", "3"], "--home: expected a folder"],
  [["--home", "x", "--colour", "red"], "--colour"],
])("the command line %j is refused: %s", (argv, message) => {
  expect(() => streetConfigFrom(argv)).toThrow(message);
});

test("[I2FR2] a meter that finds itself in a socket of another service says so to the broker, and the report is acknowledged in the meter", async () => {
  const topics = "ms/1/demo/street";
  const accounts = [{ username: "street", password: "s", publish: [`${topics}/presence`, `${topics}/event`], subscribe: [] }, { username: "head-end", password: "h", publish: [], subscribe: [`${topics}/#`] }];
  const broker = await startBroker({ accounts, log: silentLog, port: 0 });
  undo.push(() => broker.stop());
  const headEnd = await connectMqtt({ url: broker.url, username: "head-end", password: "h", clientId: "head-end", log: silentLog });
  undo.push(() => headEnd.close());
  const heard = new Promise<unknown>((resolve) => void headEnd.subscribe(`${topics}/event`, (_, payload) => resolve(JSON.parse(new TextDecoder().decode(payload)))));
  const started = await startStreet({ home: await folder(), count: 1, port: 0, base: "127.77.0.0", mqtt: { url: broker.url, username: "street", password: "s", topics } }, silentLog);
  undo.push(() => started.stop().catch(() => undefined));
  const client = await connected(started.meters[0]!, (await readDeviceModel(join(import.meta.dirname, "../../device-types"), "rx-2s")).context.definitions);
  // A form for 480 V on a line of 240 V.
  await client.writeField("DIAGNOSTICS_CONTROL_TBL.SERVICE_VOLTS", 480);
  expect((await client.procedure(11, new Uint8Array())).outcome).toBe("completed");
  expect(await heard).toMatchObject({
    type: "failure.reported", subject: { manufacturer: "MSMT", serial: "RX260001" }, data: { class: "safety", diagnostic: "socket-voltage", detail: 0, count: 1 },
  });
  await expect.poll(async () => (await client.readTable(2059)).get("NBR_REPORTS")).toBe(0);
  await client.disconnect();
});
