import { memoryChannelPair } from "@metersmith/base/byte-channel";
import { FakeClock } from "@metersmith/base/clock";
import { MemoryNetwork, type DatagramFaults, type Datagrams } from "@metersmith/base/datagrams";
import { seededRandom } from "@metersmith/base/random";
import { untilSettled } from "@metersmith/base/until-settled";
import { apTitle } from "../c1222/apdu/ap-title.ts";
import { overDatagrams } from "../c1222/carrier/datagram-carrier.ts";
import { overStream } from "../c1222/carrier/stream-carrier.ts";
import type { C1222Client } from "../c1222/client/c1222-client.ts";
import { openC1222Client, type C1222ClientOptions } from "../c1222/client/open-c1222-client.ts";
import type { SecurityMode } from "../c1222/epsem/epsem.ts";
import { KeyRing } from "../c1222/security/key-ring.ts";
import { serveC1222, type C1222ServerOptions } from "../c1222/server/serve-c1222.ts";
import { MemoryDevice } from "./memory-device.ts";

export const meterTitle = apTitle(".123.8437");
export const headTitle = apTitle("1.3.6.1.4.1.33507.7");
export const meterPlace = { host: "192.0.2.7", port: 1153 };
export const headPlace = { host: "192.0.2.1", port: 1153 };
export const someKey = Uint8Array.from({ length: 16 }, (_, index) => 17 * index);

export interface PairOptions {
  readonly over?: "stream" | "datagrams";
  readonly mode?: SecurityMode;
  readonly client?: C1222ClientOptions;
  readonly server?: C1222ServerOptions;
  readonly faults?: DatagramFaults;
  readonly seed?: number;
  /** Changes each device before it is used. */
  readonly device?: (device: MemoryDevice) => void;
}

/** A client and a node of plain tables that speak with each other in memory, on a fake clock. */
export function c1222Pair({ over = "stream", mode = 2, client: clientOptions, server: serverOptions, faults = {}, seed = 1, device: prepare }: PairOptions = {}) {
  const clock = new FakeClock();
  const network = new MemoryNetwork(faults, seededRandom(seed), clock);
  const tables = new Map<number, Uint8Array>([
    [0, Uint8Array.from({ length: 40 }, (_, index) => index)],
    [6, Uint8Array.from({ length: 239 }, (_, index) => index)],
    [64, Uint8Array.from({ length: 3000 }, (_, index) => (index * 7) & 0xff)],
    [2049, Uint8Array.of(1, 2, 3)],
  ]);
  const devices: MemoryDevice[] = [];
  const refused: string[] = [];
  const faultsSeen: unknown[] = [];
  const keys = (): KeyRing => new KeyRing([{ id: 1, key: someKey }]);
  const server = serveC1222(
    clock,
    seededRandom(seed + 1),
    () => {
      const device = new MemoryDevice([]);
      for (const [table, bytes] of tables) device.tables.set(table, bytes);
      prepare?.(device);
      devices.push(device);
      return device;
    },
    {
      title: meterTitle,
      ...(mode === 0 ? {} : { keys: keys() }),
      onRefused: ({ code }) => refused.push(code),
      onFault: (error) => faultsSeen.push(error),
      ...serverOptions,
    },
  );
  const meterSocket = network.open(meterPlace);
  const headSocket: Datagrams = network.open(headPlace);
  const [near, far] = memoryChannelPair();
  if (over === "stream") server.attach(overStream(far, clock));
  else server.attach(overDatagrams(meterSocket, clock));
  const carrier = over === "stream" ? overStream(near, clock) : overDatagrams(headSocket, clock, { peer: meterPlace });
  const common = { called: meterTitle, calling: headTitle, ...(mode === 0 ? {} : { security: { mode, keys: keys() } }), ...clientOptions };
  const client = openC1222Client(carrier, clock, seededRandom(seed + 2), common);
  /** One more client of the same node, on a connection of its own. */
  const join = (options: C1222ClientOptions): C1222Client => {
    const [mine, nodes] = memoryChannelPair();
    server.attach(overStream(nodes, clock));
    return openC1222Client(overStream(mine, clock), clock, seededRandom(seed + 3), { ...common, ...options });
  };
  const run = <Value>(promise: Promise<Value>): Promise<Value> => untilSettled(clock, promise);
  /** What all devices were asked, in order of their making. */
  const calls = (): readonly string[] => devices.flatMap((device) => device.calls);
  return { clock, network, near, far, server, client, join, tables, devices, refused, faultsSeen, run, calls };
}
