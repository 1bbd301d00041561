import type { Log } from "@metersmith/base/log";
import { createMeter, type Meter, type MeterModel } from "@metersmith/meter";
import type { CertificateAuthority } from "@metersmith/node/certificate-authority";
import type { MutualTlsServer } from "@metersmith/node/mutual-tls-server";
import { systemClock } from "@metersmith/node/system-clock";
import { systemRandom } from "@metersmith/node/system-random";
import type { SessionRule } from "@metersmith/nic";
import { apTitle, KeyRing, ReplayMemory, type ApTitle } from "@metersmith/psem";
import { openConfigurationDoor } from "./https/configuration-door.ts";
import type { GroupEars } from "./sockets/group-ears.ts";
import { meterServers, type MeterServers } from "./sockets/meter-servers.ts";
import { openMeterSockets, type MeterPlace, type MeterSockets } from "./sockets/meter-sockets.ts";
import { clockTolerance, type AsBuiltMeter, type StreetState } from "./state/street-state.ts";

/** A meter under power, answering on its sockets. */
export interface PoweredMeter {
  readonly built: AsBuiltMeter;
  readonly model: MeterModel;
  readonly meter: Meter;
  readonly title: ApTitle;
  readonly keys: KeyRing;
  readonly servers: MeterServers;
  /** On its own loopback address, and on IPv6 where asked for. */
  readonly ipv4: MeterSockets;
  readonly ipv6: MeterSockets | undefined;
  /** Its configuration interface, where it has one. */
  readonly door: MutualTlsServer | undefined;
  switchOff(): Promise<void>;
}

/** C12.22 senders that a meter remembers at a time; a further one is refused until one of them is past. */
const senders = 256;

export interface PowerUp {
  readonly built: AsBuiltMeter;
  readonly model: MeterModel;
  readonly ipv4: MeterPlace;
  readonly ipv6: MeterPlace | undefined;
  /** Of IPv4 and of IPv6, where the meter is to hear them. */
  readonly groups: readonly GroupEars[];
  readonly rule: SessionRule;
  /** Who vouches for the configuration interface and its clients, and its port, 0 = a free one. */
  readonly https: { readonly authority: CertificateAuthority; readonly port: number } | undefined;
}

/** Rejects with `LinkFailure` where an address or port is not to be had, and leaves nothing open then. */
export async function powerUp({ built, model, groups, rule, https, ...places }: PowerUp, state: StreetState, log: Log): Promise<PoweredMeter> {
  const { position, serial, passwords } = built;
  const onFault = (error: unknown): void => log.error("a meter failed", { serial, error });
  const meter = createMeter(model, { serial, passwords, memory: state.memoryOf(position), clock: systemClock });
  const keys = new KeyRing(state.keys.of(position));
  const title = apTitle(titleOf(serial));
  const replays = new ReplayMemory({ tolerance: clockTolerance, senders }, state.replaysOf(position));
  const servers = meterServers(meter, { title, keys, replays, rule }, systemClock, systemRandom, onFault);
  const opened: { close(): Promise<void> }[] = [];
  const switchOff = async (): Promise<void> => {
    servers.c1222.close();
    meter.switchOff();
    await Promise.all(opened.map((one) => one.close()));
  };
  const kept = <Opened extends { close(): Promise<void> }>(one: Opened): Opened => {
    opened.push(one);
    return one;
  };
  try {
    const ipv4 = kept(await openMeterSockets(servers, places.ipv4));
    const ipv6 = places.ipv6 && kept(await openMeterSockets(servers, places.ipv6));
    for (const group of groups) group.join(servers.c1222, (group.family === "ipv6" && ipv6 ? ipv6 : ipv4).datagrams);
    const { host } = places.ipv4;
    const door = https && kept(await openConfigurationDoor({ built, model, place: { host, port: https.port }, authority: https.authority, open: () => servers.network() }, systemClock, log));
    return { built, model, meter, title, keys, servers, ipv4, ipv6, door, switchOff };
  } catch (error) {
    await switchOff();
    throw error;
  }
}

/** The digits of its serial number, relative to the network's base: RX260001 is .260001. Ours. */
export function titleOf(serial: string): string {
  return `.${Number(serial.replace(/\D/g, ""))}`;
}
