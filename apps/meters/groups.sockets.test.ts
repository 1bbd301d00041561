import { networkInterfaces } from "node:os";
import type { DatagramAddress } from "@metersmith/base/datagrams";
import { fromHex } from "@metersmith/base/bytes";
import { systemClock } from "@metersmith/node/system-clock";
import { systemRandom } from "@metersmith/node/system-random";
import { openUdp } from "@metersmith/node/udp-datagrams";
import { apTitle, KeyRing, openC1222Client, overDatagrams } from "@metersmith/psem";
import { afterEach, describe, expect, test } from "vitest";
import { newest, StreetUnderTest } from "./testing/street-under-test.ts";

const bench = new StreetUnderTest();
afterEach(() => bench.close());

/** An address of a network on which IPv6 groups can be heard. The loopback is none: systems have no route for groups there. */
const linkLocal = Object.entries(networkInterfaces()).flatMap(([name, addresses]) => (addresses ?? []).map((one) => ({ ...one, name }))).find(({ address }) => address.startsWith("fe80:"));
const zone = linkLocal?.name ?? "none";
const own = `${linkLocal?.address}%${zone}`;

const networks = [
  { on: "127.0.0.1", from: "127.0.0.1", group: "224.0.2.4", answersFrom: "127.79.0.2", possible: true },
  { on: `::%${zone}`, from: own, group: `ff02::204%${zone}`, answersFrom: own, possible: linkLocal !== undefined },
];

describe.each(networks)("$group", ({ on, from, group, answersFrom, possible }) => {
  test.skipIf(!possible)("what goes to it is heard by every meter, done by the one whose key it is under, and answered by the one whose title it calls", async () => {
    const street = await bench.start(await bench.folder(), { count: 3, multicast: [on], ...(possible && on.includes(":") ? { ipv6Port: 0, ipv6Host: from } : {}) });
    const [, meter] = street.meters;
    const socket = await openUdp({ host: from });
    const heard: DatagramAddress[] = [];
    const peer = { host: group, port: street.groupPorts[0]! };
    const watched = { ...socket, send: socket.send.bind(socket), close: socket.close.bind(socket), listen: (listener: Parameters<typeof socket.listen>[0]) => socket.listen({ ...listener, received: (bytes, place) => (heard.push(place), listener.received(bytes, place)) }) };
    const carrier = overDatagrams(watched, systemClock, { peer });
    bench.later(() => carrier.close());
    const { id, key } = newest(meter!.c1222);
    const security = { mode: 2, keys: new KeyRing([{ id, key: fromHex(key) }]) } as const;
    const common = { calling: apTitle(".9.1"), timeout: 2000, attempts: 1 };

    const inClear = openC1222Client({ ...carrier, peer: carrier.peer, lossy: true, listen: () => {}, close: () => {} }, systemClock, systemRandom, common);
    void inClear.identify().catch(() => undefined);
    const client = openC1222Client(carrier, systemClock, systemRandom, { ...common, called: apTitle(meter!.c1222.title), security });
    await Promise.all([client.logon(1, "test"), client.security(fromHex(meter!.programmingPassword))]);
    await client.writeTable(6, new Uint8Array(230).fill(0x41));
    expect(await client.readOffset(6, 0, 4)).toEqual(new Uint8Array(4).fill(0x41));
    inClear.close();
    // The one in clear, which called nobody, was sent first: three meters could have answered it by now.
    expect(heard.map(({ host }) => host)).toEqual(Array.from({ length: 3 }, () => answersFrom));
    const others = await bench.client(street.meters[0]!, "tcp");
    await Promise.all([others.logon(1, "test"), others.security(fromHex(street.meters[0]!.programmingPassword))]);
    expect((await others.readOffset(6, 0, 1))[0]).not.toBe(0x41);
  });
});
