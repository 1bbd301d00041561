import type { Datagrams } from "@metersmith/base/datagrams";
import { LinkFailure } from "@metersmith/node/link-failure";
import { systemClock } from "@metersmith/node/system-clock";
import { listenTcp } from "@metersmith/node/tcp-channel";
import { openUdp, type UdpDatagrams } from "@metersmith/node/udp-datagrams";
import { overDatagrams, overStream } from "@metersmith/psem";
import { byFirstOctet } from "./first-octet.ts";
import type { MeterServers } from "./meter-servers.ts";

/** Where one meter is to be reached. */
export interface MeterPlace {
  readonly host: string;
  /** For TCP, C12.18 and C12.22 alike; 0: a free one. */
  readonly port: number;
  /** For C12.22 over UDP; 0: that of TCP where it is free, else any. */
  readonly udpPort: number;
}

/** Where it is reached. */
export interface MeterSockets {
  readonly host: string;
  readonly port: number;
  readonly udpPort: number;
  /** Answers to what many heard leave by it. */
  readonly datagrams: Datagrams;
  close(): Promise<void>;
}

/** TCP connections with one meter at a time, on one address. */
const connections = 8;

/** On the loopback the way is known to carry whole answers: an open client knows no segments, and needs none here. */
const largestOnLoopback = 16_384;
const isLoopback = (host: string): boolean => host.startsWith("127.") || host === "::1";

/**
 * The one place where a meter's servers meet sockets: whatever else a meter is to answer on its address is opened here, beside these. Rejects
 * with `LinkFailure`, and leaves nothing open then.
 */
export async function openMeterSockets(servers: MeterServers, { host, port, udpPort }: MeterPlace): Promise<MeterSockets> {
  const { c1222 } = servers;
  const listener = await listenTcp(
    host, port,
    (channel) => byFirstOctet(channel, { c1218: (local) => servers.c1218(local), c1222: (stream) => c1222.attach(overStream(stream, systemClock)) }),
    { connections },
  );
  try {
    const datagrams = await openUdpBeside(host, udpPort, listener.port);
    c1222.attach(overDatagrams(datagrams, systemClock, isLoopback(host) ? { largest: largestOnLoopback } : {}));
    const close = async (): Promise<void> => {
      datagrams.close();
      await listener.close();
    };
    return { host, port: listener.port, udpPort: datagrams.address.port, datagrams, close };
  } catch (error) {
    await listener.close();
    throw error;
  }
}

async function openUdpBeside(host: string, port: number, tcpPort: number): Promise<UdpDatagrams> {
  if (port !== 0) return openUdp({ host, port });
  try {
    return await openUdp({ host, port: tcpPort });
  } catch (error) {
    if (error instanceof LinkFailure && error.code === "port-taken") return openUdp({ host });
    throw error;
  }
}
