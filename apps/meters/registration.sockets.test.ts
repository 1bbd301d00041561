import { fromHex } from "@metersmith/base/bytes";
import { systemClock } from "@metersmith/node/system-clock";
import { systemRandom } from "@metersmith/node/system-random";
import { listenTcp } from "@metersmith/node/tcp-channel";
import { openUdp } from "@metersmith/node/udp-datagrams";
import { apTitle, KeyRing, overDatagrams, overStream, registrar, serveC1222, titleText, type Caller, type NetworkServices, type PsemDevice, type Registration } from "@metersmith/psem";
import { afterEach, expect, test } from "vitest";
import { newest, StreetUnderTest } from "./testing/street-under-test.ts";
import type { DeliveredMeter } from "./delivered-meter.ts";

const bench = new StreetUnderTest();
afterEach(() => bench.close());

/** A head-end has no tables of its own. */
const tableless: PsemDevice = {
  identification: () => ({ standard: 3, version: 1, revision: 0, features: [] }),
  logon: () => "onp", security: () => "onp", read: () => "onp", readOffset: () => "onp", write: () => "onp", writeOffset: () => "onp", logoff: () => "onp", terminated: () => {},
};

/** The head-end's registrar on a socket, who knows each meter's key, and what it was asked. */
async function headEnd(meters: readonly DeliveredMeter[], over: "tcp" | "udp") {
  const keys = new Map(meters.map(({ c1222 }) => {
    const { id, key } = newest(c1222);
    return [c1222.title, new KeyRing([{ id, key: fromHex(key) }])];
  }));
  const inner = registrar(systemClock, { title: apTitle(".1"), longestPeriod: 2 });
  const asked: string[] = [];
  const waiting = new Map<string, () => void>();
  const heard = (line: string): void => {
    asked.push(line);
    waiting.get(line)?.();
  };
  const network: NetworkServices = {
    ...inner,
    register(registration: Registration, caller: Caller) {
      const granted = inner.register(registration, caller);
      heard(`register ${titleText(registration.title)} ${typeof granted === "string" ? granted : "ok"}`);
      return granted;
    },
    deregister(title, caller) {
      const code = inner.deregister(title, caller);
      heard(`deregister ${titleText(title)} ${code}`);
      return code;
    },
  };
  const node = serveC1222(systemClock, systemRandom, () => tableless, { title: apTitle(".1"), network, keys: (peer) => keys.get(peer ? titleText(peer) : "") });
  bench.later(() => node.close());
  let port: number;
  if (over === "udp") {
    const socket = await openUdp({ host: "127.0.0.1" });
    node.attach(overDatagrams(socket, systemClock));
    port = socket.address.port;
  } else {
    const listener = await listenTcp("127.0.0.1", 0, (channel) => node.attach(overStream(channel, systemClock)));
    bench.later(() => listener.close());
    port = listener.port;
  }
  /** Resolves once it was asked that, from now on. */
  const next = (line: string): Promise<void> => new Promise((resolve) => waiting.set(line, resolve));
  return { inner, asked, next, place: { host: "127.0.0.1", port, transport: over, called: ".1", mode: 2 } as const };
}

test.each(["tcp", "udp"] as const)("over %s: every meter of a street registers with the head-end, is resolved, renews before its time ends, and deregisters when the street stops", async (over) => {
  const home = await bench.folder();
  const made = await bench.start(home, { count: 2 });
  await made.stop();
  const { inner, asked, next, place } = await headEnd(made.meters, over);
  const [first, second] = [next("register .260001 ok"), next("register .260002 ok")];
  const street = await bench.start(home, { count: 2, registrar: place });
  await Promise.all([first, second]);
  const { udpPort } = street.meters[1]!.c1222;
  expect(inner.resolve(apTitle(".260002"))).toEqual(Uint8Array.of(127, 79, 0, 2, udpPort >> 8, udpPort & 0xff));
  await next("register .260001 ok");
  const left = Promise.all([next("deregister 2.16.124.113620.1.22.0.260001 ok"), next("deregister 2.16.124.113620.1.22.0.260002 ok")]);
  await street.stop();
  await left;
  expect([inner.resolve(apTitle(".260001")), inner.resolve(apTitle(".260002"))]).toEqual(["uat", "uat"]);
  expect(asked.filter((line) => !line.endsWith("ok"))).toEqual([]);
});

test("a meter under a key that the head-end does not hold is not registered", async () => {
  const home = await bench.folder();
  const made = await bench.start(home, { count: 1 });
  await made.stop();
  const { inner, asked, place } = await headEnd(made.meters, "udp");
  const street = await bench.start(home, { count: 1, registrar: place, newKeysOverlap: 0 });
  await street.stop();
  expect([inner.resolve(apTitle(".260001")), asked]).toEqual(["uat", []]);
});
