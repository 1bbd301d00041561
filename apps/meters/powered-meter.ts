import type { Clock } from "@metersmith/base/clock";
import type { Log } from "@metersmith/base/log";
import { createMeter, disturbedLine, syntheticLine, type Disturbance, type Meter, type MeterModel, type Provocations } from "@metersmith/meter";
import type { Trust } from "@metersmith/images";
import type { CertificateAuthority } from "@metersmith/node/certificate-authority";
import type { MutualTlsServer } from "@metersmith/node/mutual-tls-server";
import { systemClock } from "@metersmith/node/system-clock";
import { systemRandom } from "@metersmith/node/system-random";
import type { BoardAccess, SessionRule } from "@metersmith/nic";
import { apTitle, KeyRing, ReplayMemory, type ApTitle } from "@metersmith/psem";
import { cardAccess } from "./card-access.ts";
import { openConfigurationDoor } from "./https/configuration-door.ts";
import type { GroupEars } from "./sockets/group-ears.ts";
import { meterServers, type MeterServers } from "./sockets/meter-servers.ts";
import { openMeterSockets, type MeterPlace, type MeterSockets } from "./sockets/meter-sockets.ts";
import { clockTolerance, type AsBuiltMeter, type StreetState } from "./state/street-state.ts";

/** A meter under power, answering on its sockets. */
export interface PoweredMeter extends MadeMeter {
  readonly title: ApTitle;
  readonly keys: KeyRing;
  readonly servers: MeterServers;
  /** On its own loopback address, and on IPv6 where asked for. */
  readonly ipv4: MeterSockets;
  readonly ipv6: MeterSockets | undefined;
  /** Its configuration interface, where it has one. */
  readonly door: MutualTlsServer | undefined;
  /** Its card's way to the board. */
  readonly board: BoardAccess;
  switchOff(): Promise<void>;
}

/** C12.22 senders that a meter remembers at a time; a further one is refused until one of them is past. */
const senders = 256;

/** A meter with power and no socket yet. */
export interface MadeMeter {
  readonly built: AsBuiltMeter;
  readonly model: MeterModel;
  readonly meter: Meter;
  /** What a scenario provokes in it. */
  readonly provocations: Provocations | undefined;
  readonly trust: Trust | undefined;
}

/** What a meter of a street lives in. */
export interface Surroundings {
  /** Of its world; what it speaks over has the machine's. */
  readonly clock: Clock;
  /** Where a scenario acts on it. */
  readonly provocations?: Provocations;
  readonly disturbances?: readonly Disturbance[];
  /** Whose images it takes. */
  readonly trust?: Trust;
}

/** Puts a meter under power, with what its memory holds. */
export function makeMeter(built: AsBuiltMeter, model: MeterModel, state: StreetState, { clock, provocations, disturbances, trust }: Surroundings): MadeMeter {
  const { position, serial, passwords } = built;
  const meter = createMeter(model, {
    serial, passwords, clock, memory: state.memoryOf(position),
    ...(provocations ? { provocations } : {}),
    ...(trust ? { trust: { keys: trust } } : {}),
    ...(disturbances ? { line: disturbedLine(syntheticLine(model, serial), disturbances) } : {}),
  });
  return { built, model, meter, provocations, trust };
}

export interface PowerUp {
  readonly ipv4: MeterPlace;
  readonly ipv6: MeterPlace | undefined;
  /** Of IPv4 and of IPv6, where the meter is to hear them. */
  readonly groups: readonly GroupEars[];
  readonly rule: SessionRule;
  /** Who vouches for the configuration interface and its clients, and its port, 0 = a free one. */
  readonly https: { readonly authority: CertificateAuthority; readonly port: number } | undefined;
}

/** Has a meter answer on its sockets. Rejects with `LinkFailure` where an address or port is not to be had; the meter is switched off then. */
export async function openToNetworks(made: MadeMeter, { groups, rule, https, ...places }: PowerUp, state: StreetState, log: Log): Promise<PoweredMeter> {
  const { built, model, meter } = made;
  const { position, serial } = built;
  const onFault = (error: unknown): void => log.error("a meter failed", { serial, error });
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
    const board = cardAccess(built, model, (lost) => servers.network(lost));
    const door = https && kept(await openConfigurationDoor({ serial, deviceType: model.deviceType, board, place: { host, port: https.port }, authority: https.authority, memory: state.cardMemoryOf(position), trust: made.trust }, systemClock, log));
    return { ...made, title, keys, servers, ipv4, ipv6, door, board, switchOff };
  } catch (error) {
    await switchOff();
    throw error;
  }
}

/** The digits of its serial number, relative to the network's base: RX260001 is .260001. Ours. */
export function titleOf(serial: string): string {
  return `.${Number(serial.replace(/\D/g, ""))}`;
}
