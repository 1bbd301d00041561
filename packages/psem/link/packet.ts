import { crc16 } from "../crc16.ts";
import { packetOverhead, type LinkSize } from "./link-settings.ts";

/** First byte of every packet. */
export const startOfPacket = 0xee;
export const ack = 0x06;
export const nak = 0x15;

export type Toggle = 0 | 1;

/** One packet of the link. Layout, all but the CRC big-endian: start, identity, control, sequence, length u16, data, CRC u16 low byte first. Source: docs/reference/c1218.md 1. */
export interface Packet {
  /** 0 point-to-point. */
  readonly identity: number;
  /** Part of a message of several packets. */
  readonly multiple: boolean;
  readonly first: boolean;
  /** Changes with each new packet of a side; a packet sent again keeps it. */
  readonly toggle: Toggle;
  /** Packets of the message still to come after this one. */
  readonly sequence: number;
  readonly data: Uint8Array;
  readonly crc: number;
}

/** Bits of the control byte. The rest is reserved and zero in C12.18; C12.22 uses bits 0–1 for its data format. Source: docs/reference/c1218.md 1. */
export const control = { multiple: 0x80, first: 0x40, toggle: 0x20, reserved: 0x1f } as const;

export function encodePacket(packet: Omit<Packet, "crc">): Uint8Array {
  const { data } = packet;
  const bytes = new Uint8Array(data.length + packetOverhead);
  bytes[0] = startOfPacket;
  bytes[1] = packet.identity;
  bytes[2] = (packet.multiple ? control.multiple : 0) | (packet.first ? control.first : 0) | (packet.toggle ? control.toggle : 0);
  bytes[3] = packet.sequence;
  bytes[4] = data.length >> 8;
  bytes[5] = data.length & 0xff;
  bytes.set(data, 6);
  const crc = crc16(bytes, 0, 6 + data.length);
  bytes[6 + data.length] = crc & 0xff;
  bytes[7 + data.length] = crc >> 8;
  return bytes;
}

/** A message as packets ready to send, the first with the given toggle. The message must not exceed what `size` carries. */
export function packetsOf(message: Uint8Array, size: LinkSize, identity: number, toggle: Toggle): Uint8Array[] {
  const room = size.packetSize - packetOverhead;
  const count = Math.max(1, Math.ceil(message.length / room));
  return Array.from({ length: count }, (_, index) =>
    encodePacket({
      identity,
      multiple: count > 1,
      first: count > 1 && index === 0,
      toggle: index % 2 === 0 ? toggle : flipped(toggle),
      sequence: count - 1 - index,
      data: message.subarray(index * room, (index + 1) * room),
    }),
  );
}

export function flipped(toggle: Toggle): Toggle {
  return toggle === 0 ? 1 : 0;
}
