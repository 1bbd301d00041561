/** Milliseconds. */
export interface LinkTimeouts {
  /** From the end of a packet of ours to its ACK or NAK. */
  readonly response: number;
  /** Between two bytes of one packet. */
  readonly interCharacter: number;
  /** Without a packet or acknowledgement on an open link; after it the link returns to its base state. A client also waits this long for an answer. */
  readonly channelTraffic: number;
}

/** What both ends agree on. A packet carries `packetSize − 8` bytes of a message, a message at most `packets` packets. */
export interface LinkSize {
  /** Bytes of a whole packet, 16–8192, its 8 bytes of overhead included. */
  readonly packetSize: number;
  /** Packets of one message, 1–255. */
  readonly packets: number;
}

/** Bytes of a packet that are not data: start, identity, control, sequence, length (2), CRC (2). */
export const packetOverhead = 8;

/** Largest packet. Source: docs/reference/c1218.md 1. */
export const largestPacket = 8192;

/** Smallest packet that either end agrees to. Ours: an answer's code, count and checksum with a little data fit into one packet. */
export const smallestPacket = 16;

/** Size before any negotiation and after a terminate. Source: docs/reference/c1218.md 3. */
export const baseSize: LinkSize = { packetSize: 64, packets: 1 };

/** Bits per second before any negotiation. Source: docs/reference/c1218.md 3. */
export const baseBaud = 9600;

/** Source: docs/reference/c1218.md 3. */
export const defaultTimeouts: LinkTimeouts = { response: 2000, interCharacter: 500, channelTraffic: 6000 };

/** How often a packet is sent again after its first time. Source: docs/reference/c1218.md 3. */
export const defaultRetries = 3;

/** Milliseconds that bytes take on a line of 8N1: ten bits each. None where the channel has no rate of its own. */
export function airtime(bytes: number, bitsPerSecond: number | undefined): number {
  return bitsPerSecond === undefined ? 0 : Math.ceil((bytes * 10_000) / bitsPerSecond);
}

/** Bytes of the largest message that packets of this size carry. */
export function messageCapacity(size: LinkSize): number {
  return (size.packetSize - packetOverhead) * size.packets;
}
