import type { ByteChannel } from "@metersmith/base/byte-channel";
import type { Clock } from "@metersmith/base/clock";
import type { Random } from "@metersmith/base/random";
import type { Meter } from "@metersmith/meter";
import { serveC1222, servePsem, type ApTitle, type C1222Server, type KeyRing, type ReplayMemory } from "@metersmith/psem";

/** The protocols that one meter answers, without a socket. */
export interface MeterServers {
  /** C12.18, on a connection of its own: a local session. */
  c1218(channel: ByteChannel): void;
  /** C12.22: one set of sessions over all carriers. */
  readonly c1222: C1222Server;
}

export interface MeterIdentity {
  readonly title: ApTitle;
  readonly keys: KeyRing;
  readonly replays: ReplayMemory;
}

/** C12.22 sessions with one meter at a time. */
const sessions = 8;

export function meterServers(meter: Meter, { title, keys, replays }: MeterIdentity, clock: Clock, random: Random, onFault: (error: unknown) => void): MeterServers {
  return {
    c1218: (channel) => void servePsem(channel, clock, meter.device(() => channel.close()), { hangsUp: true, onFault }),
    c1222: serveC1222(clock, random, () => meter.device(), { title, keys, replays, sessions, onFault }),
  };
}
