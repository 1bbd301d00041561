import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromHex } from "@metersmith/base/bytes";
import { silentLog } from "@metersmith/base/log";
import { systemClock } from "@metersmith/node/system-clock";
import { systemRandom } from "@metersmith/node/system-random";
import { connectTcp } from "@metersmith/node/tcp-channel";
import { openUdp } from "@metersmith/node/udp-datagrams";
import { apTitle, KeyRing, openC1222Client, overDatagrams, overStream, type ApduCarrier, type C1222Client, type C1222ClientOptions } from "@metersmith/psem";
import type { DeliveredC1222, DeliveredMeter } from "../delivered-meter.ts";
import { startStreet, type Street } from "../street.ts";
import type { StreetConfig } from "../street-config.ts";

/** Streets and clients of them, all undone by `close` in the opposite order. */
export class StreetUnderTest {
  readonly #undo: (() => unknown)[] = [];

  async close(): Promise<void> {
    for (const step of this.#undo.splice(0).toReversed()) await step();
  }

  later(step: () => unknown): void {
    this.#undo.push(step);
  }

  async folder(): Promise<string> {
    const made = await mkdtemp(join(tmpdir(), "street-"));
    this.later(() => rm(made, { recursive: true }));
    return made;
  }

  async start(home: string, config: Partial<StreetConfig> = {}): Promise<Street> {
    const started = await startStreet({ home, count: 1, port: 0, base: "127.79.0.0", ...config }, silentLog);
    this.later(() => started.stop().catch(() => undefined));
    return started;
  }

  /** A C12.22 client of a meter, with what its maker delivered. `through` may stand in the way. */
  async client(meter: DeliveredMeter, over: Way, { key = newest(meter.c1222), through = (carrier: ApduCarrier) => carrier, ...options }: ClientOptions = {}): Promise<C1222Client> {
    const security = { mode: 2, keys: new KeyRing([{ id: key.id, key: fromHex(key.key) }]) } as const;
    const client = openC1222Client(through(await carrierOver(meter, over)), systemClock, systemRandom, {
      called: apTitle(meter.c1222.title), calling: apTitle(".9.1"), timeout: 2000, security, ...options,
    });
    this.later(() => client.close());
    return client;
  }
}

export type Way = "tcp" | "udp" | "tcp6" | "udp6";
type Key = DeliveredC1222["keys"][number];

interface ClientOptions extends C1222ClientOptions {
  readonly key?: Key;
  readonly through?: (carrier: ApduCarrier) => ApduCarrier;
}

export function newest({ keys }: DeliveredC1222): Key {
  const last = keys.at(-1);
  if (!last) throw new Error("the meter was delivered without a key");
  return last;
}

export async function carrierOver({ host, port, c1222 }: DeliveredMeter, over: Way): Promise<ApduCarrier> {
  const v6 = over.endsWith("6");
  const place = { host: v6 ? (c1222.ipv6?.host ?? "") : host, port: v6 ? (c1222.ipv6?.port ?? 0) : port };
  const udpPort = v6 ? (c1222.ipv6?.udpPort ?? 0) : c1222.udpPort;
  if (over.startsWith("tcp")) return overStream(await connectTcp(place.host, place.port), systemClock);
  return overDatagrams(await openUdp({ host: v6 ? "::1" : "127.0.0.1" }), systemClock, { peer: { host: place.host, port: udpPort } });
}
