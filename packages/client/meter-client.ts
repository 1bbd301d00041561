import { concatBytes } from "@metersmith/base/bytes";
import type { Clock } from "@metersmith/base/clock";
import { PsemError, type Identification, type Negotiated, type PsemClient } from "@metersmith/psem";
import { MeterContext, partialWrites, type DecodedTable, type Definitions, type FieldValue, type TableId } from "@metersmith/tables";
import { ClientError } from "./client-error.ts";
import type { WrittenRange } from "./program-report.ts";
import type { Waiting, WriteProgress } from "./waiting.ts";
import { indexedPlace, indexServices, readByIndex, writeByIndex } from "./index-access.ts";
import { lastSequence, runProcedure, type ProcedureAnswer, type ProcedureOptions } from "./run-procedure.ts";
import { findField, withField, type TableField } from "./table-field.ts";

export interface Credentials {
  /** At most 10 characters. */
  readonly user: string;
  /** 0–65535. */
  readonly userId: number;
  /** At most 20 octets. */
  readonly password: string | Uint8Array;
}

export interface Connecting extends Waiting {
  /**
   * Rates in bits per second to offer, best first, at most 11; none by default. Only over a channel whose rate can change (`onBaud` of the
   * link): the first of them that the meter has holds from then on. A meter that takes no offers keeps the rate in use.
   */
  readonly bauds?: readonly number[];
}

/** What is asked for; a meter grants less where it must. */
const wantedPackets = { size: 1024, count: 32 };
const passwordLength = 20;

/**
 * One session with one meter, in terms of its tables. `PsemError` for the link and for refusals, `TablesError` for bytes that do not fit
 * their definitions, `ClientError` for the rest.
 */
export class MeterClient {
  readonly #psem: PsemClient;
  readonly #definitions: Definitions;
  readonly #clock: Clock | undefined;
  #identification: Identification | undefined;
  #negotiated: Negotiated | undefined;
  #context: MeterContext | undefined;
  #dimensionImages: ReadonlyMap<TableId, Uint8Array> = new Map();
  #takesOffsets = false;
  #takesIndices = false;
  #sequence: number | undefined;

  /** Without a clock, a procedure that takes its time is asked for again and again without a pause, and given up sooner. */
  constructor(psem: PsemClient, definitions: Definitions, ports: { readonly clock?: Clock } = {}) {
    this.#psem = psem;
    this.#definitions = definitions;
    this.#clock = ports.clock;
  }

  /** What the meter said it is; undefined before `connect`. */
  get identification(): Identification | undefined {
    return this.#identification;
  }

  /** Undefined where the meter does not negotiate: then the base size holds. */
  get negotiated(): Negotiated | undefined {
    return this.#negotiated;
  }

  /** Identifies, negotiates, logs on. A wrong password rejects as `err` and leaves the session without rights. */
  async connect(credentials: Credentials, options: Connecting = {}): Promise<void> {
    this.#identification = await this.#identify(options);
    this.#negotiated = await this.#negotiate(options);
    await this.#psem.logon(credentials.userId, credentials.user, options);
    await this.#psem.security(paddedPassword(credentials.password), options);
  }

  /** What the meter's own dimension tables say; read once in a session. */
  async context(options: Waiting = {}): Promise<MeterContext> {
    return (this.#context ??= await this.#readContext(options));
  }

  /** The tables from which the context was made, as read; empty before it has been. They do not change within a session. */
  get dimensionImages(): ReadonlyMap<TableId, Uint8Array> {
    return this.#dimensionImages;
  }

  /** Whether the meter gives and takes parts of tables by offset (DATA_ACCESS_METHOD 1 or 3). Known once the context has been read. */
  get takesOffsets(): boolean {
    return this.#takesOffsets;
  }

  /** The whole table, in parts where the negotiated packets are too small for it. */
  async readImage(table: TableId, options: Waiting = {}): Promise<Uint8Array> {
    // Without a definition nobody knows how long it is.
    if (!this.#definitions.tables.has(table)) return this.#psem.readTable(table, options);
    const size = (await this.context(options)).layout(table).size;
    if (size <= this.#psem.largestRead) return this.#psem.readTable(table, options);
    this.#needOffsets(table, size);
    return this.readRange(table, 0, size, options);
  }

  /** Octets of a table, in as many requests as the negotiated packets ask for. Only where `takesOffsets`. */
  async readRange(table: TableId, offset: number, count: number, options: Waiting = {}): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let done = 0; done < count; done += this.#psem.largestRead) {
      parts.push(await this.#psem.readOffset(table, offset + done, Math.min(this.#psem.largestRead, count - done), options));
    }
    return concatBytes(...parts);
  }

  async readTable(table: TableId, options: Waiting = {}): Promise<DecodedTable> {
    const image = await this.readImage(table, options);
    return (await this.context(options)).decode(table, image);
  }

  /**
   * Writes what differs, with the fewest octets, in ascending order; whole where the meter takes no parts. Resolves with the octets
   * written. `signal` is heeded between two pieces and never while one is on its way.
   */
  async writeChanges(table: TableId, before: Uint8Array, target: Uint8Array, options: WriteProgress = {}): Promise<number> {
    await this.context(options);
    let written = 0;
    for (const range of this.#pieces(table, before, target)) {
      options.signal?.throwIfAborted();
      options.onSending?.(range);
      if (range.bytes.length === target.length) await this.#psem.writeTable(table, range.bytes);
      else await this.#psem.writeOffset(table, range.offset, range.bytes);
      options.onWritten?.(range);
      written += range.bytes.length;
    }
    return written;
  }

  /**
   * Writes octets of a table as they are, unread: for tables that nobody reads, such as buffers. In pieces of whole `unit`s of octets (1 by default), in ascending
   * order. Only where `takesOffsets`. `signal` is heeded between two pieces.
   */
  async writeRange(table: TableId, offset: number, bytes: Uint8Array, { unit = 1, ...options }: WriteProgress & { readonly unit?: number } = {}): Promise<void> {
    await this.context(options);
    this.#needOffsets(table, offset + bytes.length);
    const largest = Math.max(unit, this.#psem.largestWrite - (this.#psem.largestWrite % unit));
    for (let done = 0; done < bytes.length; done += largest) {
      options.signal?.throwIfAborted();
      const range = { table, offset: offset + done, bytes: bytes.subarray(done, done + largest) };
      options.onSending?.(range);
      await this.#psem.writeOffset(table, range.offset, range.bytes);
      options.onWritten?.(range);
    }
  }

  /**
   * A field by name, `CLOCK_TBL.CLOCK_CALENDAR` or `52.CLOCK_CALENDAR`: its value, or the tree of a record, array or whole table. Reads no more than its
   * octets where the meter gives parts of tables, by offset or by index. Rejects as `unknown-table` or `unknown-field`.
   */
  async readField(name: string, options: Waiting = {}): Promise<FieldValue> {
    const context = await this.context(options);
    const field = findField(context, name);
    return context.decode(field.table, await this.#imageAround(field, options)).get(field.path);
  }

  /**
   * Changes a field and nothing else: reads its octets, writes those that differ. Of a record only the members given are changed. Resolves with the octets
   * written, 0 where the meter has the value already. Rejects as `unknown-table`, `unknown-field` or, for what the field cannot hold, `bad-value`.
   */
  async writeField(name: string, value: FieldValue, options: WriteProgress = {}): Promise<number> {
    const context = await this.context(options);
    const field = findField(context, name);
    withField(context, field, new Uint8Array(field.layout.size), value);
    const before = await this.#imageAround(field, options);
    const target = withField(context, field, before, value);
    // Read by index, the image is the field's octets alone: it is not to be written as a whole.
    if (this.#takesIndices && indexedPlace(field)) return writeByIndex(this.#psem, field, before, target, options);
    return this.writeChanges(field.table, before, target, options);
  }

  /**
   * Runs a procedure by tables 7 and 8 and waits for its end. `number`: 2048 + n for manufacturer procedure n. A result other than 0 is
   * an answer, not an error. Rejects as `procedure-lost` where table 8 does not answer it, or it does not end, before the deadline.
   */
  async procedure(number: number, parameters: FieldValue | Uint8Array, options: ProcedureOptions = {}): Promise<ProcedureAnswer> {
    const context = await this.context(options.signal ? { signal: options.signal } : {});
    // An answer left over from another session must not pass for this one's.
    this.#sequence = ((this.#sequence ?? (await lastSequence(this.#psem, options))) + 1) & 0xff;
    return runProcedure(this.#psem, context, this.#sequence, number, parameters, options, this.#clock);
  }

  /** Logs off and ends the session, then closes the channel. A link that is already gone is no error here. */
  async disconnect(options: Waiting = {}): Promise<void> {
    try {
      await this.#psem.logoff(options).catch(unlessRefused);
      await this.#psem.terminate(options);
    } catch (error) {
      if (!(error instanceof PsemError)) throw error;
    } finally {
      this.#psem.close();
    }
  }

  /** A meter with a session open, left by a client that vanished, takes no identification: that session is ended first. */
  async #identify(options: Waiting): Promise<Identification> {
    try {
      return await this.#psem.identify(options);
    } catch (error) {
      if (!(error instanceof PsemError) || error.code !== "isss") throw error;
      await this.#psem.terminate(options);
      return this.#psem.identify(options);
    }
  }

  /** Some meters know no offers of rates, some do not negotiate at all: what is refused is asked for no more. */
  async #negotiate({ bauds = [], ...options }: Connecting): Promise<Negotiated | undefined> {
    for (const offered of bauds.length > 0 ? [bauds, []] : [[]]) {
      try {
        return await this.#psem.negotiate(wantedPackets.size, wantedPackets.count, offered, options);
      } catch (error) {
        if (!(error instanceof PsemError) || error.kind !== "peer-refused") throw error;
      }
    }
    return undefined;
  }

  async #readContext(options: Waiting): Promise<MeterContext> {
    const image = await this.#psem.readTable(0, options);
    const images = new Map([[0, image]]);
    const general = MeterContext.of(this.#definitions, images);
    const accessMethod = general.decode(0, image).get("FORMAT_CONTROL_2.DATA_ACCESS_METHOD");
    this.#takesOffsets = accessMethod === 1 || accessMethod === 3;
    this.#takesIndices = accessMethod === 2 && indexServices(this.#psem) !== undefined;
    const used = [...this.#definitions.tables.keys()].filter((table) => general.has(table));
    for (const table of used.flatMap((one) => general.dimensionTables(one))) {
      if (!images.has(table) && general.has(table)) images.set(table, await this.#psem.readTable(table, options));
    }
    this.#dimensionImages = images;
    return MeterContext.of(this.#definitions, images);
  }

  /** The table with at least the field's octets as the meter has them; the others are zeros where they were not needed. */
  async #imageAround(field: TableField, options: Waiting): Promise<Uint8Array> {
    const { table, layout, offset, size } = field;
    const place = this.#takesIndices ? indexedPlace(field) : undefined;
    const octets = place && (await readByIndex(this.#psem, field, place, options));
    if (place && octets) {
      const image = new Uint8Array(layout.size);
      image.set(octets, place.offset);
      return image;
    }
    this.#takesIndices &&= place === undefined;
    if (!this.#takesOffsets || size === layout.size) return this.readImage(table, options);
    const image = new Uint8Array(layout.size);
    image.set(await this.readRange(table, offset, size, options), offset);
    return image;
  }

  #pieces(table: TableId, before: Uint8Array, target: Uint8Array): WrittenRange[] {
    const largest = this.#psem.largestWrite;
    const differences = partialWrites(before, target);
    if (differences.length === 0) return [];
    if (!this.#takesOffsets) {
      if (target.length > largest) this.#needOffsets(table, target.length);
      return [{ table, offset: 0, bytes: target }];
    }
    return differences.flatMap(({ offset, bytes }) =>
      Array.from({ length: Math.ceil(bytes.length / largest) }, (_, part) => ({ table, offset: offset + part * largest, bytes: bytes.slice(part * largest, (part + 1) * largest) })),
    );
  }

  #needOffsets(table: TableId, size: number): void {
    if (this.#takesOffsets) return;
    throw new ClientError("peer-refused", "no-offset-access", `Table ${table} has ${size} octets, more than the ${this.#psem.largestRead} that the negotiated packets carry, and this meter gives no parts of tables.`, { table, expected: this.#psem.largestRead, actual: size });
  }
}

/** A meter that has ended the session, or never begun one, takes no log-off; what was agreed on holds until it is terminated. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof PsemError) || error.kind !== "peer-refused") throw error;
}

function paddedPassword(password: string | Uint8Array): string | Uint8Array {
  if (typeof password === "string" || password.length >= passwordLength) return password;
  return concatBytes(password, new Uint8Array(passwordLength - password.length));
}
