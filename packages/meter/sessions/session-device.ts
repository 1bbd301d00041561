import type { Identification, PsemDevice, Refusal, ResponseCode, SessionEnd } from "@metersmith/psem";
import { octetsOfIndices, type TableId } from "@metersmith/tables";
import type { Board } from "../board.ts";
import { configurationTables } from "../configuration/configuration.ts";
import { meterEvent } from "../events/event-kind.ts";
import { liveTables } from "../meter-model.ts";
import { groupsOpenedBy, maskedPasswords, unmaskedPasswords } from "../tables/password-table.ts";
import { updateTable } from "../update/update-tables.ts";
import { ProcedureDesk } from "../procedures/procedure-desk.ts";
import type { Groups } from "./permissions.ts";

/** C12.18, as this meter speaks it on a local port. */
const identification: Identification = { standard: 0, version: 1, revision: 0, features: [] };

const generalConfiguration = 0;
/** DATA_ACCESS_METHOD of table 0; 0 offers neither, 1 offsets alone. */
const accessMethod = { index: 2, both: 3 } as const;
const procedureInitiate = 7;
const procedureResponse = 8;
const security = 42;

/**
 * One connection to the board: who is logged on, with which permissions, and the answer of the last procedure. Refusals: `onp` a
 * table that the meter lacks or that nobody can write, `isc` one that this password may not touch, `iar` a range or length that
 * is not the table's.
 */
export class SessionDevice implements PsemDevice {
  readonly #board: Board;
  readonly #hangUp: () => void;
  #groups: Groups = 0;
  #user = 0;
  /** The configuration was written since the last log-on. */
  #programmed = false;
  #procedures: ProcedureDesk;

  constructor(board: Board, hangUp: () => void) {
    this.#board = board;
    this.#hangUp = hangUp;
    this.#procedures = new ProcedureDesk(board);
  }

  identification(): Identification {
    return identification;
  }

  logon(userId: number): ResponseCode {
    this.#forget();
    this.#user = userId;
    return "ok";
  }

  /** Answers `err` alike to a wrong password and, unread, to any while the meter is locked: the two are not told apart on the line. */
  security(password: Uint8Array): ResponseCode {
    const { lockout, stored, context, host } = this.#board;
    const now = host.now();
    this.#groups = 0;
    const image = stored.image(security);
    if (!image || lockout.isLocked(now)) return "err";
    const groups = groupsOpenedBy(context, image, password);
    if (groups === undefined) {
      lockout.failed(now);
      this.#board.log(meterEvent.wrongPassword, this.#user);
      if (lockout.isLocked(now)) this.#board.log(meterEvent.lockedOut, this.#user);
      return "err";
    }
    lockout.passed();
    this.#groups = groups;
    return "ok";
  }

  read(table: TableId): Uint8Array | Refusal {
    const { context, permissions } = this.#board;
    if (!context.has(table)) return "onp";
    if (!permissions.mayRead(table, this.#groups)) return "isc";
    if (table === procedureInitiate) return this.#procedures.initiated;
    if (table === procedureResponse) return this.#procedures.response;
    return this.#board.image(table) ?? "dnr";
  }

  readOffset(table: TableId, offset: number, count: number): Uint8Array | Refusal {
    const whole = this.read(table);
    if (typeof whole === "string") return whole;
    const end = count === 0 ? whole.length : offset + count;
    return offset >= whole.length || end > whole.length ? "iar" : whole.slice(offset, end);
  }

  write(table: TableId, bytes: Uint8Array): ResponseCode {
    const refusal = this.#refusesWrite(table);
    if (refusal) return refusal;
    if (table === procedureInitiate) return this.#faulty(() => this.#procedures.initiate(bytes, this.#groups, this.#user));
    const image = this.#board.stored.image(table);
    return image?.length === bytes.length ? this.#store(table, 0, bytes) : "iar";
  }

  writeOffset(table: TableId, offset: number, bytes: Uint8Array): ResponseCode {
    const refusal = this.#refusesWrite(table);
    if (refusal) return refusal;
    if (table === updateTable.buffer) return this.#faulty(() => this.#received(offset, bytes));
    const image = this.#board.stored.image(table);
    // A procedure is started by one whole write of table 7: it is not stored, so a part of it has nothing to be a part of.
    if (!image || bytes.length === 0 || offset + bytes.length > image.length) return "iar";
    return this.#store(table, offset, bytes);
  }

  /** By the table's layout, where DATA_ACCESS_METHOD of table 0 offers access by index; `sns` where it does not. */
  readIndex(table: TableId, indices: readonly number[], count: number): Uint8Array | Refusal {
    if (!this.#takesIndices) return "sns";
    const whole = this.read(table);
    if (typeof whole === "string") return whole;
    const place = octetsOfIndices(this.#board.context.layout(table), indices, count);
    return place && place.offset + place.octets <= whole.length ? whole.slice(place.offset, place.offset + place.octets) : "iar";
  }

  /** Whole elements from the one that the indices lead to; octets that end within an element are `iar`. */
  writeIndex(table: TableId, indices: readonly number[], bytes: Uint8Array): ResponseCode {
    if (!this.#takesIndices) return "sns";
    const refusal = this.#refusesWrite(table);
    if (refusal) return refusal;
    const layout = this.#board.context.layout(table);
    for (let elements = 1; elements <= bytes.length; elements++) {
      const place = octetsOfIndices(layout, indices, elements);
      if (!place || place.octets > bytes.length) return "iar";
      if (place.octets === bytes.length) return this.writeOffset(table, place.offset, bytes);
    }
    return "iar";
  }

  logoff(): ResponseCode {
    this.#forget();
    return "ok";
  }

  terminated(reason: SessionEnd): void {
    // A session that nobody logged on to is no event: anybody may knock.
    if (reason !== "terminated" && this.#groups !== 0) this.#board.log(meterEvent.sessionBroken, this.#user);
    this.#forget();
  }

  get #takesIndices(): boolean {
    const { context, stored } = this.#board;
    const general = stored.image(generalConfiguration);
    const method = general && context.decode(generalConfiguration, general).get("FORMAT_CONTROL_2.DATA_ACCESS_METHOD");
    return method === accessMethod.index || method === accessMethod.both;
  }

  #forget(): void {
    if (this.#programmed) this.#board.log(meterEvent.programmed, this.#user);
    this.#programmed = false;
    this.#user = 0;
    this.#groups = 0;
    this.#procedures = new ProcedureDesk(this.#board);
  }

  #refusesWrite(table: TableId): Refusal | undefined {
    const { context, permissions, faults } = this.#board;
    if (!context.has(table)) return "onp";
    const neverWritten = !context.writable(table) || (liveTables.has(table) && table !== procedureInitiate && table !== updateTable.buffer);
    if (neverWritten) return "onp";
    if (!permissions.mayWrite(table, this.#groups)) return "isc";
    return faults.refusal(table);
  }

  #store(table: TableId, offset: number, bytes: Uint8Array): ResponseCode {
    if (table !== security) return this.#faulty(() => this.#stored(table, offset, bytes));
    const { context, stored } = this.#board;
    const image = stored.image(security);
    if (!image) return "dnr";
    const written = maskedPasswords(context, image);
    written.set(bytes, offset);
    const next = unmaskedPasswords(context, image, written);
    return next ? this.#faulty(() => (this.#board.store(security, 0, next) ? "ok" : "err")) : "iar";
  }

  /** Octets of an image, for the buffer. What may not be written now is locked. */
  #received(offset: number, bytes: Uint8Array): ResponseCode {
    const refusal = this.#board.update.write(offset, bytes);
    if (!refusal) return "ok";
    if (refusal.code === "range") return "iar";
    return refusal.code === "memory" ? "err" : "dlk";
  }

  #stored(table: TableId, offset: number, bytes: Uint8Array): ResponseCode {
    if (!this.#board.store(table, offset, bytes)) return "err";
    this.#programmed ||= configurationTables.has(table);
    return "ok";
  }

  #faulty(write: () => ResponseCode): ResponseCode {
    const fault = this.#board.faults.beforeWrite();
    if (fault === "go-on") return write();
    if (fault === "hang-up-unanswered") write();
    this.#hangUp();
    return "err";
  }
}
