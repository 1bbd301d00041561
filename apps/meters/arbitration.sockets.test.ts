import { fromHex } from "@metersmith/base/bytes";
import type { SessionRule } from "@metersmith/nic";
import { systemClock } from "@metersmith/node/system-clock";
import { connectTcp } from "@metersmith/node/tcp-channel";
import { openPsemClient, type C1218Client, type C1222Client } from "@metersmith/psem";
import { afterEach, describe, expect, test } from "vitest";
import type { DeliveredMeter } from "./delivered-meter.ts";

import { StreetUnderTest } from "./testing/street-under-test.ts";

const bench = new StreetUnderTest();
afterEach(() => bench.close());

interface Both {
  readonly meter: DeliveredMeter;
  readonly local: C1218Client;
  readonly network: C1222Client;
}

async function bothSides(sessions: SessionRule): Promise<Both> {
  const { meters: [meter] } = await bench.start(await bench.folder(), { sessions });
  if (!meter) throw new Error("no meter");
  const channel = await connectTcp(meter.host, meter.port);
  bench.later(() => channel.close());
  const local = openPsemClient(channel, systemClock);
  await local.identify();
  return { meter, local, network: await bench.client(meter, "tcp") };
}

const logOn = async (client: C1218Client | C1222Client, { programmingPassword }: DeliveredMeter): Promise<void> => {
  await client.logon(1, "test");
  await client.security(fromHex(programmingPassword));
};
const refused = (code: string) => ({ kind: "peer-refused", code });

describe("[I2FR26] over real sockets, C12.18 and C12.22 sessions with one meter", () => {
  test("work together", async () => {
    const { meter, local, network } = await bothSides("together");
    await logOn(local, meter);
    await logOn(network, meter);
    expect(await local.readTable(1)).toEqual(await network.readTable(1));
  });

  test("exclude each other", async () => {
    const { meter, local, network } = await bothSides("exclusive");
    await logOn(local, meter);
    await expect(network.logon(1, "test")).rejects.toMatchObject(refused("bsy"));
    await local.logoff();
    await logOn(network, meter);
    await expect(local.logon(1, "test")).rejects.toMatchObject(refused("bsy"));
  });

  test("the network's ends the local one, which is busy, then out of sequence, then begins anew", async () => {
    const { meter, local, network } = await bothSides("network-first");
    await logOn(local, meter);
    await local.readTable(1);
    await logOn(network, meter);
    await expect(local.readTable(1)).rejects.toMatchObject(refused("bsy"));
    await network.logoff();
    await expect(local.readTable(1)).rejects.toMatchObject(refused("isss"));
    await local.logoff();
    await logOn(local, meter);
    expect((await local.readTable(1)).length).toBeGreaterThan(0);
  });

  test("the local one ends the network's", async () => {
    const { meter, local, network } = await bothSides("local-first");
    await logOn(network, meter);
    await logOn(local, meter);
    await expect(network.readTable(1)).rejects.toMatchObject(refused("bsy"));
    expect((await local.readTable(1)).length).toBeGreaterThan(0);
  });
});
