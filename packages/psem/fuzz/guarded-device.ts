import { equalBytes } from "@metersmith/base/bytes";
import type { PsemDevice } from "../server/psem-device.ts";
import type { Identification } from "../services/identification.ts";
import type { Refusal, ResponseCode } from "../services/response-code.ts";

/** The last of them takes more than one packet of the base size. */
const untouched = [48, 48, 200].map((length) => Uint8Array.from({ length }, (_, index) => index * 5));

/** A device of three tables that notices a write out of order. Its password takes nobody, unless it is `trusting` and takes anybody. */
export class GuardedDevice implements PsemDevice {
  readonly #trusting: boolean;
  readonly #tables: readonly Uint8Array[];
  #loggedOn = false;
  #trusted = false;

  /** `beside`: another session of the same meter, whose tables it shares. */
  constructor(trusting: boolean, beside?: GuardedDevice) {
    this.#trusting = trusting;
    this.#tables = beside ? beside.#tables : untouched.map((table) => table.slice());
  }

  /** Throws where a table changed that nobody was allowed to change, or changed its size. */
  verify(): void {
    for (const [number, table] of this.#tables.entries()) {
      const before = untouched[number] ?? new Uint8Array(0);
      if (table.length !== before.length || (!this.#trusting && !equalBytes(table, before))) throw new Error(`table ${number} was changed`);
    }
  }

  identification(): Identification {
    return { standard: 0, version: 2, revision: 0, features: [] };
  }

  logon(): ResponseCode {
    this.#loggedOn = true;
    return "ok";
  }

  security(): ResponseCode {
    this.#trusted = this.#trusting;
    return this.#trusted ? "ok" : "err";
  }

  read(table: number): Uint8Array | Refusal {
    this.#mustBeLoggedOn();
    return this.#tables[table]?.slice() ?? "onp";
  }

  readOffset(table: number, offset: number, size: number): Uint8Array | Refusal {
    const bytes = this.read(table);
    if (typeof bytes === "string") return bytes;
    return size === 0 || offset + size > bytes.length ? "iar" : bytes.slice(offset, offset + size);
  }

  readIndex(table: number, indices: readonly number[], size: number): Uint8Array | Refusal {
    return this.readOffset(table, indices[0] ?? 0, size);
  }

  readDefault(): Uint8Array | Refusal {
    return this.read(0);
  }

  write(table: number, bytes: Uint8Array): ResponseCode {
    return bytes.length === untouched[table]?.length ? this.writeOffset(table, 0, bytes) : "iar";
  }

  writeOffset(table: number, offset: number, bytes: Uint8Array): ResponseCode {
    this.#mustBeLoggedOn();
    if (!this.#trusted) return "isc";
    const stored = this.#tables[table];
    if (!stored) return "onp";
    if (offset + bytes.length > stored.length) return "iar";
    stored.set(bytes, offset);
    return "ok";
  }

  writeIndex(table: number, indices: readonly number[], bytes: Uint8Array): ResponseCode {
    return this.writeOffset(table, indices[0] ?? 0, bytes);
  }

  writeDefault(bytes: Uint8Array): ResponseCode {
    return this.write(0, bytes);
  }

  logoff(): ResponseCode {
    this.#forget();
    return "ok";
  }

  terminated(): void {
    this.#forget();
  }

  #mustBeLoggedOn(): void {
    if (!this.#loggedOn) throw new Error("a table was reached without a logon");
  }

  #forget(): void {
    this.#loggedOn = false;
    this.#trusted = false;
  }
}
