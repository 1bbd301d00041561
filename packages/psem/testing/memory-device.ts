import { tableWords } from "../services/table-words.ts";
import type { Identification } from "../services/identification.ts";
import type { Refusal, ResponseCode } from "../services/response-code.ts";
import type { PsemDevice, SessionEnd } from "../server/psem-device.ts";

/** A device of plain bytes that notes what it was asked, for tests of what lies above and below it. Reads need no password, writes do. */
export class MemoryDevice implements PsemDevice {
  readonly tables: Map<number, Uint8Array>;
  readonly calls: string[] = [];
  readonly password: Uint8Array;
  #trusted = false;

  constructor(tables: Iterable<readonly [number, Uint8Array]>, password = "secret") {
    this.tables = new Map(tables);
    this.password = new TextEncoder().encode(password.padEnd(20, " "));
  }

  identification(): Identification {
    this.calls.push("identify");
    return { standard: 0, version: 2, revision: 0, features: [] };
  }

  logon(userId: number, user: string): ResponseCode {
    this.calls.push(`logon ${userId} ${user}`);
    return "ok";
  }

  security(password: Uint8Array): ResponseCode {
    this.#trusted = password.every((byte, index) => byte === this.password[index]);
    this.calls.push(`security ${this.#trusted ? "right" : "wrong"}`);
    return this.#trusted ? "ok" : "err";
  }

  read(table: number): Uint8Array | Refusal {
    this.calls.push(`read ${tableWords(table)}`);
    return this.tables.get(table)?.slice() ?? "onp";
  }

  readOffset(table: number, offset: number, count: number): Uint8Array | Refusal {
    this.calls.push(`read ${count} at ${offset} of ${tableWords(table)}`);
    const bytes = this.tables.get(table);
    if (!bytes) return "onp";
    if (count === 0 || offset + count > bytes.length) return "iar";
    return bytes.slice(offset, offset + count);
  }

  /** Elements of one octet each, counted by the one index that it knows. */
  readIndex(table: number, indices: readonly number[], count: number): Uint8Array | Refusal {
    const [first = 0] = indices;
    return indices.length === 1 ? this.readOffset(table, first, count) : "iar";
  }

  readDefault(): Uint8Array | Refusal {
    return this.read(0);
  }

  writeIndex(table: number, indices: readonly number[], bytes: Uint8Array): ResponseCode {
    const [first = 0] = indices;
    return indices.length === 1 ? this.writeOffset(table, first, bytes) : "iar";
  }

  writeDefault(bytes: Uint8Array): ResponseCode {
    return this.write(0, bytes);
  }

  write(table: number, bytes: Uint8Array): ResponseCode {
    return this.#write(table, 0, bytes, true);
  }

  writeOffset(table: number, offset: number, bytes: Uint8Array): ResponseCode {
    return this.#write(table, offset, bytes, false);
  }

  logoff(): ResponseCode {
    this.calls.push("logoff");
    this.#trusted = false;
    return "ok";
  }

  terminated(reason: SessionEnd): void {
    this.calls.push(`terminated: ${reason}`);
    this.#trusted = false;
  }

  #write(table: number, offset: number, bytes: Uint8Array, whole: boolean): ResponseCode {
    this.calls.push(`write ${bytes.length} at ${offset} of ${tableWords(table)}`);
    const stored = this.tables.get(table);
    if (!stored) return "onp";
    if (!this.#trusted) return "isc";
    if (offset + bytes.length > stored.length || (whole && bytes.length !== stored.length)) return "iar";
    stored.set(bytes, offset);
    return "ok";
  }
}
