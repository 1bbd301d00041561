import { airtime, type LinkSize } from "./link-settings.ts";
import type { LinkState } from "./link.ts";

/**
 * Milliseconds from the first packet of a request to the last one of its answer, where every packet of both is as large as agreed and sent as often as the times
 * allow, and the other end thinks for as long as it may be silent. Ours: the other timers begin again with each packet, so a peer that goes
 * on sending packets which answer nothing would never run out of time.
 */
export function longestExchange({ settings, timing, sendSize, receiveSize, bitsPerSecond }: LinkState): number {
  const { timeouts, retries } = timing ?? settings;
  const message = ({ packetSize, packets }: LinkSize): number => packets * (retries + 1) * (timeouts.response + airtime(packetSize, bitsPerSecond));
  return message(sendSize) + timeouts.channelTraffic + message(receiveSize);
}
