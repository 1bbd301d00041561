import { tableWords } from "./table-words.ts";

/** A request of C12.18, with those of C12.21 and C12.22 that a meter may meet there. Tables, offsets and counts as on the wire; passwords and users padded to their 20 and 10 bytes. */
export type Request =
  | { readonly service: "identify" }
  | { readonly service: "terminate" }
  | { readonly service: "logoff" }
  /** Hang up: the connection is dropped at its other end. C12.21, C12.22. */
  | { readonly service: "disconnect" }
  | { readonly service: "read"; readonly table: number }
  | { readonly service: "read-offset"; readonly table: number; readonly offset: number; readonly count: number }
  /** `indices` (1–9) lead from the table to an element, `count` elements from there on. */
  | { readonly service: "read-index"; readonly table: number; readonly indices: readonly number[]; readonly count: number }
  /** Whatever the meter has set out to be read without asking by number. */
  | { readonly service: "read-default" }
  | { readonly service: "write"; readonly table: number; readonly bytes: Uint8Array }
  | { readonly service: "write-offset"; readonly table: number; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly service: "write-index"; readonly table: number; readonly indices: readonly number[]; readonly bytes: Uint8Array }
  | { readonly service: "write-default"; readonly bytes: Uint8Array }
  | { readonly service: "logon"; readonly userId: number; readonly user: Uint8Array }
  | { readonly service: "security"; readonly password: Uint8Array }
  | { readonly service: "negotiate"; readonly packetSize: number; readonly packets: number; readonly baudCodes: readonly number[] }
  | { readonly service: "wait"; readonly seconds: number }
  | { readonly service: "timing"; readonly timing: Timing }
  /** A service of the standards that this end does not offer, or a code of none. */
  | { readonly service: "unsupported"; readonly code: number };

/** Times that both ends keep from the answer on, until the session ends. Source: docs/reference/c1218.md 4. */
export interface Timing {
  /** Seconds, 1–255. */
  readonly channelTraffic: number;
  /** Seconds, 1–255. */
  readonly interCharacter: number;
  /** Seconds, 1–255. */
  readonly response: number;
  /** How often a packet is sent again, 0–255. */
  readonly retries: number;
}

/** First byte of each request. Source: docs/reference/c1218.md 4. Negotiate with n baud codes is 60 + n, an access by n indices 30 + n or 40 + n. */
export const serviceCode = {
  identify: 0x20,
  terminate: 0x21,
  disconnect: 0x22,
  read: 0x30,
  readDefault: 0x3e,
  readOffset: 0x3f,
  write: 0x40,
  writeDefault: 0x4e,
  writeOffset: 0x4f,
  logon: 0x50,
  security: 0x51,
  logoff: 0x52,
  negotiate: 0x60,
  wait: 0x70,
  timing: 0x71,
} as const;

export const mostBaudCodes = 11;
export const mostIndices = 9;
export const userLength = 10;
export const passwordLength = 20;

/** The request in words that follow "refused to": "read 16 bytes at offset 16 of table 1". Never a password. */
export function requestWords(request: Request): string {
  switch (request.service) {
    case "identify":
      return "identify itself";
    case "terminate":
      return "terminate the session";
    case "logoff":
      return "log off";
    case "disconnect":
      return "hang up";
    case "read":
      return `read ${tableWords(request.table)}`;
    case "read-offset":
      return `read ${request.count} bytes at offset ${request.offset} of ${tableWords(request.table)}`;
    case "read-index":
      return `read ${request.count} elements at index ${request.indices.join(".")} of ${tableWords(request.table)}`;
    case "read-default":
      return "read its default table";
    case "write":
      return `write ${tableWords(request.table)} (${request.bytes.length} bytes)`;
    case "write-offset":
      return `write ${request.bytes.length} bytes at offset ${request.offset} of ${tableWords(request.table)}`;
    case "write-index":
      return `write ${request.bytes.length} bytes at index ${request.indices.join(".")} of ${tableWords(request.table)}`;
    case "write-default":
      return `write its default table (${request.bytes.length} bytes)`;
    case "logon":
      return `log on user ${request.userId}`;
    case "security":
      return "accept the password";
    case "negotiate":
      return `agree on packets of ${request.packetSize} bytes, ${request.packets} to a message`;
    case "wait":
      return `wait ${request.seconds} s`;
    case "timing":
      return "take the times of the link";
    case "unsupported":
      return `serve code ${request.code.toString(16).padStart(2, "0")}`;
  }
}
