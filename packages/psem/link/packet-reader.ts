import { concatBytes } from "@metersmith/base/bytes";
import { crc16 } from "../crc16.ts";
import { packetOverhead } from "./link-settings.ts";
import { ack, control, nak, startOfPacket, type Packet } from "./packet.ts";

/** Why bytes that began like a packet are none: reserved bits or an impossible sequence, longer than agreed, wrong CRC, ended too early. */
export type PacketFault = "header" | "length" | "checksum" | "cut";

export type Found =
  | { readonly kind: "packet"; readonly packet: Packet }
  | { readonly kind: "ack" }
  | { readonly kind: "nak" }
  | { readonly kind: "bad"; readonly fault: PacketFault };

/** What is left over between two chunks: never more than one packet of the size agreed on. */
export interface ReaderState {
  /** Empty, or beginning with a start byte. */
  readonly pending: Uint8Array;
  /**
   * How many of the next bytes, `pending` included, a failed packet claimed. There only a whole good packet counts: single bytes are not
   * taken for acknowledgements, and further failures are not reported, so a burst of garbage draws one NAK.
   */
  readonly suspect: number;
}

export const emptyReader: ReaderState = { pending: new Uint8Array(0), suspect: 0 };

export interface Reading {
  readonly state: ReaderState;
  readonly found: readonly Found[];
}

/** Takes a chunk. `longestData` is the largest length field accepted. */
export function readChunk(state: ReaderState, chunk: Uint8Array, longestData: number): Reading {
  const bytes = state.pending.length === 0 ? chunk : concatBytes(state.pending, chunk);
  return scan(bytes, state.suspect, longestData, false);
}

/** The line was quiet for the inter-character time: what has begun will not go on, but a whole packet may lie inside. */
export function readQuiet(state: ReaderState, longestData: number): Reading {
  return scan(state.pending, state.suspect, longestData, true);
}

/** Whether silence would change anything. */
export function isMidway(state: ReaderState): boolean {
  return state.pending.length > 0 || state.suspect > 0;
}

function scan(bytes: Uint8Array, suspectBytes: number, longestData: number, quiet: boolean): Reading {
  const found: Found[] = [];
  let suspect = suspectBytes;
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte !== startOfPacket) {
      if (at >= suspect && byte === ack) found.push({ kind: "ack" });
      if (at >= suspect && byte === nak) found.push({ kind: "nak" });
      at += 1;
      continue;
    }
    const verdict = judge(bytes, at, longestData);
    if (verdict.kind === "packet") {
      found.push(verdict);
      at += verdict.packet.data.length + packetOverhead;
      suspect = at;
      continue;
    }
    if (verdict.kind === "unfinished" && !quiet) break;
    if (at >= suspect) {
      found.push({ kind: "bad", fault: verdict.kind === "bad" ? verdict.fault : "cut" });
      suspect = verdict.kind === "bad" ? verdict.claimedEnd : bytes.length;
    }
    at += 1;
  }
  return { found, state: quiet ? emptyReader : { pending: bytes.slice(at), suspect: Math.max(0, suspect - at) } };
}

type Verdict =
  | { readonly kind: "packet"; readonly packet: Packet }
  | { readonly kind: "unfinished" }
  | { readonly kind: "bad"; readonly fault: PacketFault; readonly claimedEnd: number };

function judge(bytes: Uint8Array, start: number, longestData: number): Verdict {
  if (bytes.length < start + 6) return { kind: "unfinished" };
  const flags = bytes[start + 2] ?? 0;
  const sequence = bytes[start + 3] ?? 0;
  const length = ((bytes[start + 4] ?? 0) << 8) | (bytes[start + 5] ?? 0);
  const end = start + length + packetOverhead;
  const multiple = (flags & control.multiple) !== 0;
  const first = (flags & control.first) !== 0;
  if (length > longestData) return { kind: "bad", fault: "length", claimedEnd: start + longestData + packetOverhead };
  if ((flags & control.reserved) !== 0 || (!multiple && (first || sequence !== 0))) {
    return { kind: "bad", fault: "header", claimedEnd: end };
  }
  if (bytes.length < end) return { kind: "unfinished" };
  const crc = (bytes[end - 2] ?? 0) | ((bytes[end - 1] ?? 0) << 8);
  if (crc !== crc16(bytes, start, end - 2)) return { kind: "bad", fault: "checksum", claimedEnd: end };
  const toggle = (flags & control.toggle) !== 0 ? 1 : 0;
  const data = bytes.slice(start + 6, end - 2);
  return { kind: "packet", packet: { identity: bytes[start + 1] ?? 0, multiple, first, toggle, sequence, data, crc } };
}
