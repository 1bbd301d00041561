import type { Identification } from "../services/identification.ts";
import type { Refusal, ResponseCode } from "../services/response-code.ts";

/** Why a session ended: by service, after silence, by a link on which nothing was acknowledged, by a closed channel. */
export type SessionEnd = "terminated" | "silent" | "link-failed" | "hung-up";

/**
 * What a meter implements behind one connection. All calls are synchronous, one at a time, and only those that are legal in
 * the session's state: reads, writes and `security` between `logon` and `logoff`. Who is logged on with which permissions is
 * the device's to remember and to forget on `logoff` and `terminated`. It answers with a response code and never throws.
 */
export interface PsemDevice {
  identification(): Identification;
  /** `user`: 10 characters at most, trailing spaces and zeros removed. */
  logon(userId: number, user: string): ResponseCode;
  /** Exactly 20 bytes. Clients pad a shorter password with 20 or with 00: accept both (docs/reference/c1218.md 4). Compare in constant time. */
  security(password: Uint8Array): ResponseCode;
  read(table: number): Uint8Array | Refusal;
  /** `count` 0 asks for all from `offset` on; some real meters answer that with `iar`. */
  readOffset(table: number, offset: number, count: number): Uint8Array | Refusal;
  write(table: number, bytes: Uint8Array): ResponseCode;
  writeOffset(table: number, offset: number, bytes: Uint8Array): ResponseCode;
  /** The four below: a device without them answers `sns`. `indices` (1–9) lead from the table to an element, `count` elements from there on. */
  readIndex?(table: number, indices: readonly number[], count: number): Uint8Array | Refusal;
  writeIndex?(table: number, indices: readonly number[], bytes: Uint8Array): ResponseCode;
  readDefault?(): Uint8Array | Refusal;
  writeDefault?(bytes: Uint8Array): ResponseCode;
  logoff(): ResponseCode;
  /** Called once, when the communication has ended that an answered identification began; in C12.22, when the session has ended that an accepted logon began. */
  terminated(reason: SessionEnd): void;
}
