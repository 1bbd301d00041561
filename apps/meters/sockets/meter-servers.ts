import type { ByteChannel } from "@metersmith/base/byte-channel";
import type { Clock } from "@metersmith/base/clock";
import type { Random } from "@metersmith/base/random";
import type { Meter } from "@metersmith/meter";
import { Arbiter, type SessionRule } from "@metersmith/nic";
import { serveC1222, servePsem, type ApTitle, type C1222Server, type KeyRing, type PsemDevice, type ReplayMemory } from "@metersmith/psem";

/** The protocols that one meter answers, without a socket. */
export interface MeterServers {
  /** C12.18, on a connection of its own: a local session. */
  c1218(channel: ByteChannel): void;
  /** C12.22: one set of sessions over all carriers. */
  readonly c1222: C1222Server;
  /** A connection to the board for the card itself, as one of the network's; `lost` is called where the board ends it. */
  network(lost?: () => void): PsemDevice;
}

export interface MeterIdentity {
  readonly title: ApTitle;
  readonly keys: KeyRing;
  readonly replays: ReplayMemory;
  readonly rule: SessionRule;
}

/** C12.22 sessions with one meter at a time. */
const sessions = 8;

export function meterServers(meter: Meter, { title, keys, replays, rule }: MeterIdentity, clock: Clock, random: Random, onFault: (error: unknown) => void): MeterServers {
  const arbiter = new Arbiter(rule);
  const network = (lost?: () => void): PsemDevice => arbiter.device("network", meter.device(lost));
  return {
    // The connection stands for the optical port's line.
    c1218: (channel) => void servePsem(channel, clock, arbiter.device("local", meter.device(() => channel.close())), { hangsUp: true, onFault }),
    network,
    c1222: serveC1222(clock, random, network, { title, keys, replays, sessions, onFault }),
  };
}
