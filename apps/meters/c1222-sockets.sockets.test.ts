import { networkInterfaces } from "node:os";
import { fromHex } from "@metersmith/base/bytes";
import { MeterClient } from "@metersmith/client";
import { systemClock } from "@metersmith/node/system-clock";
import { connectTcp } from "@metersmith/node/tcp-channel";
import { openUdp } from "@metersmith/node/udp-datagrams";
import { KeyRing, openPsemClient, type ApduCarrier, type C1222Client } from "@metersmith/psem";
import { standardDefinitions } from "@metersmith/tables/standard";
import { afterEach, expect, test } from "vitest";
import { newest, StreetUnderTest, type Way } from "./testing/street-under-test.ts";
import type { DeliveredMeter } from "./delivered-meter.ts";

const bench = new StreetUnderTest();
afterEach(() => bench.close());

const hasIPv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === "::1"));
const ways: readonly Way[] = hasIPv6 ? ["tcp", "udp", "tcp6", "udp6"] : ["tcp", "udp"];

/** Logs on as the programmer. */
async function programmer(client: C1222Client, { programmingPassword }: DeliveredMeter): Promise<void> {
  await Promise.all([client.logon(1, "test"), client.security(fromHex(programmingPassword))]);
}

/** For what is refused in clear: such an answer is believed only where no other comes. */
const impatient = { timeout: 300 };

/** Table 6 written whole, its first octet as told. */
const utility = (first: number): Uint8Array => new Uint8Array(230).fill(0x20).with(0, first);

test.each(ways)("[I2FR26] a meter of the street is read and written over C12.22 by %s, in modes 1 and 2", async (over) => {
  const { meters: [meter] } = await bench.start(await bench.folder(), { ipv6Port: 0 });
  const { id, key } = newest(meter!.c1222);
  for (const mode of [1, 2] as const) {
    const client = await bench.client(meter!, over, { security: { mode, keys: new KeyRing([{ id, key: fromHex(key) }]) } });
    const reader = new MeterClient(client, standardDefinitions, { clock: systemClock });
    await reader.connect({ user: "test", userId: 1, password: fromHex(meter!.programmingPassword) });
    expect((await reader.readTable(1)).get("MFG_SERIAL_NUMBER")).toBe(meter!.serial);
    expect(await reader.writeField("6.TARIFF_ID", `MODE${mode}`)).toBeGreaterThan(0);
    expect(await reader.readField("6.TARIFF_ID")).toBe(`MODE${mode}`);
    await reader.disconnect();
  }
});

test("both protocols are served at one TCP port: the client's first octet decides", async () => {
  const { meters: [meter] } = await bench.start(await bench.folder());
  const c1218 = new MeterClient(openPsemClient(await connectTcp(meter!.host, meter!.port), systemClock, { wakeUp: true }), standardDefinitions);
  await c1218.connect({ user: "test", userId: 1, password: fromHex(meter!.programmingPassword) });
  expect(c1218.identification?.standard).toBe(0);
  const c1222 = await bench.client(meter!, "tcp");
  expect((await c1222.identify()).standard).toBe(3);
  await c1218.disconnect();
});

test("disconnect over C12.18 hangs up the meter's end of the connection", async () => {
  const { meters: [meter] } = await bench.start(await bench.folder());
  const channel = await connectTcp(meter!.host, meter!.port);
  const client = openPsemClient(channel, systemClock);
  await client.identify();
  await client.logon(1, "test");
  await client.disconnect();
  await expect(client.identify()).rejects.toMatchObject({ code: "closed" });
});

/** Keeps every message that a client sends, as it went out. */
function overheard(sent: Uint8Array[]): (carrier: ApduCarrier) => ApduCarrier {
  return (carrier) => ({
    lossy: carrier.lossy,
    peer: carrier.peer && { ...carrier.peer, send: (apdu: Uint8Array) => (sent.push(apdu.slice()), carrier.peer?.send(apdu)) },
    listen: (listener) => carrier.listen(listener),
    close: () => carrier.close(),
  });
}

test.each(["tcp", "udp"] as const)("[I2NFR7] a message recorded on the way (%s) is refused when it is played back to the street after a restart", async (over) => {
  const home = await bench.folder();
  const first = await bench.start(home);
  const sent: Uint8Array[] = [];
  const meter = first.meters[0]!;
  const client = await bench.client(meter, over, { sessionless: true, through: overheard(sent) });
  await programmer(client, meter);
  await client.writeTable(6, utility(0x41));
  const recorded = sent.at(-1)!;
  await client.writeTable(6, utility(0x42));
  await first.stop();

  const second = await bench.start(home);
  const again = second.meters[0]!;
  expect(again.c1222.keys).toEqual(meter.c1222.keys);
  const heard: Uint8Array[] = [];
  const attacker = await bench.client(again, over, {
    sessionless: true,
    through: (carrier) => {
      carrier.peer?.send(recorded);
      return { ...overheard([])(carrier), listen: (listener) => carrier.listen({ ...listener, received: (apdu, back) => (heard.push(apdu), listener.received(apdu, back)) }) };
    },
  });
  await programmer(attacker, again);
  // Answered behind the recorded one, on the same way.
  expect((await attacker.readTable(6))[0]).toBe(0x42);
  expect(heard).toHaveLength(1);
  await attacker.writeTable(6, utility(0x43));
  expect((await attacker.readTable(6))[0]).toBe(0x43);
});

test("a key changed while a session is open breaks nothing: both open until the overlap ends, and both survive a restart", async () => {
  const home = await bench.folder();
  const street = await bench.start(home);
  const meter = street.meters[0]!;
  const old = newest(meter.c1222);
  const client = await bench.client(meter, "udp");
  await programmer(client, meter);
  const keys = street.changeKey(meter.serial, 1);
  expect(keys).toHaveLength(2);
  await client.writeTable(6, utility(0x41));
  const rotated = await bench.client(meter, "udp", { key: keys[1]! });
  expect((await rotated.readTable(6))[0]).toBe(0x41);
  const stale = await bench.client(meter, "tcp", { key: old, ...impatient });
  await expect(stale.readTable(6)).rejects.toMatchObject({ code: "sme" });
  await street.stop();

  const { meters: [again] } = await bench.start(home);
  expect(again!.c1222.keys).toEqual(keys);
  for (const key of [old, keys[1]!]) expect(await (await bench.client(again!, "tcp", { key })).identify()).toMatchObject({ standard: 3 });
});

test("without overlap the old key opens nothing, and new keys for all are made where asked for", async () => {
  const home = await bench.folder();
  const first = await bench.start(home);
  const old = newest(first.meters[0]!.c1222);
  const [only, ...others] = first.changeKey(first.meters[0]!.serial, 0);
  const refused = await bench.client(first.meters[0]!, "tcp", { key: old, ...impatient });
  await expect(refused.logon(1, "")).rejects.toMatchObject({ code: "sme" });
  await first.stop();
  const { meters: [again] } = await bench.start(home, { newKeysOverlap: 2 });
  expect(newest(again!.c1222).id).not.toBe(old.id);
  expect([only!.id, others.length]).toEqual([old.id, 1]);
  expect(again!.c1222.keys.filter(({ until }) => until === undefined)).toHaveLength(1);
});

test("an address that is taken is told of, and nothing stays open", async () => {
  const taken = await openUdp({ host: "127.79.0.1" });
  bench.later(() => taken.close());
  const home = await bench.folder();
  await expect(bench.start(home, { udpPort: taken.address.port })).rejects.toMatchObject({ code: "port-taken" });
  const { meters: [meter] } = await bench.start(home);
  expect(await (await bench.client(meter!, "udp")).identify()).toMatchObject({ standard: 3 });
});
