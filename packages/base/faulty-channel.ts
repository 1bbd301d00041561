import type { ByteChannel, ByteListener } from "./byte-channel.ts";
import type { Clock } from "./clock.ts";
import type { Random } from "./random.ts";

/** Probabilities from 0 to 1, each for one chunk written, unless said otherwise. */
export interface ChannelFaults {
  readonly lose?: number;
  /** Changes one bit of each byte with this probability. */
  readonly corrupt?: number;
  readonly duplicate?: number;
  /** Puts up to eight random bytes in front. */
  readonly noise?: number;
  /** Cuts the chunk into two deliveries. */
  readonly split?: number;
  /** Closes both ends instead of delivering. */
  readonly hangUp?: number;
  /** From this chunk on nothing more is delivered, and neither end is told. */
  readonly halfOpen?: number;
  /** Holds a chunk back until the next one has been delivered: two change places. */
  readonly reorder?: number;
  /** Milliseconds at most from writing to delivery; order is kept. Needs a clock; without one delivery is immediate. */
  readonly delay?: number;
}

/**
 * One end of a channel whose other end hears it badly: what is written through it suffers the faults, what arrives does not.
 * Wrap both ends for a line that is bad both ways. The same random sequence gives the same faults.
 */
export function faultyChannel(channel: ByteChannel, faults: ChannelFaults, random: Random, clock?: Clock): ByteChannel {
  let free = 0;
  let dead = false;
  let held: Uint8Array | undefined;
  const deliver = (bytes: Uint8Array): void => {
    if (!clock) {
      channel.write(bytes);
      return;
    }
    free = Math.max(free, clock.now() + Math.floor(random.next() * ((faults.delay ?? 0) + 1)));
    clock.after(free - clock.now(), () => channel.write(bytes));
  };
  const happens = (probability = 0): boolean => probability > 0 && random.next() < probability;
  const damaged = (bytes: Uint8Array): Uint8Array =>
    bytes.map((byte) => (happens(faults.corrupt) ? byte ^ (1 << Math.floor(random.next() * 8)) : byte));
  return {
    listen: (listener: ByteListener) => channel.listen(listener),
    close: () => channel.close(),
    write(bytes) {
      if (happens(faults.hangUp)) return channel.close();
      dead ||= happens(faults.halfOpen);
      if (dead || happens(faults.lose)) return;
      if (happens(faults.noise)) deliver(random.bytes(1 + Math.floor(random.next() * 8)));
      const received = damaged(bytes);
      if (held === undefined && happens(faults.reorder)) {
        held = received.slice();
        return;
      }
      const cut = happens(faults.split) ? Math.floor(random.next() * received.length) : 0;
      if (cut > 0) deliver(received.subarray(0, cut));
      deliver(received.subarray(cut).slice());
      if (happens(faults.duplicate)) deliver(received.slice());
      if (held) deliver(held);
      held = undefined;
    },
  };
}
