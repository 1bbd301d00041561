import { packetOverhead } from "./link-settings.ts";
import { ack, control, nak } from "./packet.ts";
import type { Found } from "./packet-reader.ts";

const faults = {
  header: "reserved bits or an impossible sequence",
  length: "longer than agreed",
  checksum: "wrong CRC",
  cut: "ended too early",
} as const;

/** A line for what we sent, set in below the lines of the services. Headers only: data may hold passwords. */
export function traceWritten(bytes: Uint8Array): string {
  if (bytes.length === 1) return `  > ${bytes[0] === ack ? "ACK" : bytes[0] === nak ? "NAK" : "wake-up byte"}`;
  const flags = bytes[2] ?? 0;
  return `  > ${header((flags & control.multiple) !== 0, (flags & control.toggle) !== 0 ? 1 : 0, bytes[3] ?? 0, bytes.length - packetOverhead)}`;
}

/** A line for what arrived. */
export function traceHeard(found: Found): string {
  if (found.kind === "packet") {
    return `  < ${header(found.packet.multiple, found.packet.toggle, found.packet.sequence, found.packet.data.length)}`;
  }
  return found.kind === "bad" ? `  < bad packet: ${faults[found.fault]}` : `  < ${found.kind.toUpperCase()}`;
}

function header(multiple: boolean, toggle: number, sequence: number, length: number): string {
  return `packet, ${length} ${length === 1 ? "byte" : "bytes"}, toggle ${toggle}${multiple ? `, ${sequence} to follow` : ""}`;
}
