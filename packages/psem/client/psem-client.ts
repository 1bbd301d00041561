import type { Timing } from "../services/request.ts";
import type { Identification } from "../services/identification.ts";

export interface CallOptions {
  /**
   * Ends the waiting: the call rejects with the signal's reason. A request already sent runs to its end unheard, and the
   * next call waits for that, so the session stays in step.
   */
  readonly signal?: AbortSignal;
}

/** What the two ends agreed on. */
export interface Negotiated {
  /** Bytes of a whole packet. */
  readonly packetSize: number;
  /** Packets of one message. */
  readonly packets: number;
  /** Bits per second; absent where the request offered none. */
  readonly baud?: number;
}

/**
 * The client end of a PSEM session. It moves opaque table bytes; numbers of tables are those of the wire (0–65535:
 * bits 0–10 number, bit 11 manufacturer, bit 12 pending). Calls run one after the other in the order they were made.
 * Every call rejects with `PsemError`: a refusal under its response code, or a code of the link; after a failed link every
 * further call rejects with that failure at once.
 */
export interface PsemClient {
  identify(options?: CallOptions): Promise<Identification>;
  /** Asks for packets of `packetSize` (16–8192) bytes and `packets` (1–255) a message; the meter may grant less. `bauds` in bits per second, at most 11. */
  negotiate(packetSize: number, packets: number, bauds?: readonly number[], options?: CallOptions): Promise<Negotiated>;
  /** `userId` 0–65535; `user` at most 10 characters of ISO 646, padded with spaces. */
  logon(userId: number, user: string, options?: CallOptions): Promise<void>;
  /** A text of at most 20 characters of ISO 646 is padded with spaces; bytes are sent as they are, exactly 20. */
  security(password: Uint8Array | string, options?: CallOptions): Promise<void>;
  /** The whole table. */
  readTable(table: number, options?: CallOptions): Promise<Uint8Array>;
  /** `count` (1–65535) bytes from `offset` (0–16777215); a meter that gives fewer or more is refused as `bad-response`. */
  readOffset(table: number, offset: number, count: number, options?: CallOptions): Promise<Uint8Array>;
  /** The whole table, at most 65535 bytes and no more than `largestWrite`. */
  writeTable(table: number, bytes: Uint8Array, options?: CallOptions): Promise<void>;
  writeOffset(table: number, offset: number, bytes: Uint8Array, options?: CallOptions): Promise<void>;
  /** Keeps the session open for `seconds` (0–255) without traffic, once. */
  wait(seconds: number, options?: CallOptions): Promise<void>;
  logoff(options?: CallOptions): Promise<void>;
  /** Ends the session; both ends are back at base size and base baud. */
  terminate(options?: CallOptions): Promise<void>;
  /** Asks the meter to drop the connection, then closes it at this end too. A refusal (`sns` where there is none to drop) leaves it open. */
  disconnect(options?: CallOptions): Promise<void>;
  /** Closes the channel. Calls still waiting reject with `closed`. */
  close(): void;
  /** Bytes of table data that one read answer holds at the size agreed on. */
  readonly largestRead: number;
  /** Bytes of table data that one write, whole or by offset, holds at the size agreed on. */
  readonly largestWrite: number;
}

/** What only a link of C12.18 offers, and accesses that few meters know: a refusal is `sns` where a meter lacks the service. */
export interface C1218Client extends PsemClient {
  /** `count` (1–65535) elements from the one that `indices` (1–9 of 0–65535) lead to. */
  readIndex(table: number, indices: readonly number[], count: number, options?: CallOptions): Promise<Uint8Array>;
  writeIndex(table: number, indices: readonly number[], bytes: Uint8Array, options?: CallOptions): Promise<void>;
  /** The table that the meter has set out to be read without a number. */
  readDefault(options?: CallOptions): Promise<Uint8Array>;
  writeDefault(bytes: Uint8Array, options?: CallOptions): Promise<void>;
  /** Other times for both ends, before the logon, until the session ends. */
  setTiming(timing: Timing, options?: CallOptions): Promise<void>;
}
