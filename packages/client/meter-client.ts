import { concatBytes } from "@metersmith/base/bytes";
import { PsemError, type Identification, type Negotiated, type PsemClient } from "@metersmith/psem";
import { MeterContext, partialWrites, type DecodedTable, type Definitions, type FieldValue, type TableId } from "@metersmith/tables";
import { ClientError } from "./client-error.ts";
import type { WrittenRange } from "./program-report.ts";

export interface Credentials {
  /** At most 10 characters. */
  readonly user: string;
  /** 0–65535. */
  readonly userId: number;
  /** At most 20 octets. */
  readonly password: string | Uint8Array;
}

export interface Waiting {
  /** Ends the waiting; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface ProcedureAnswer {
  /** 0 completed … 6 unrecognized; see `procedureResults`. */
  readonly result: number;
  readonly response: Uint8Array;
}

export interface WriteProgress extends Waiting {
  /** Before a piece is sent. */
  readonly onSending?: (range: WrittenRange) => void;
  /** After the meter acknowledged it. */
  readonly onWritten?: (range: WrittenRange) => void;
}

/** What is asked for; a meter grants less where it must. */
const wantedPackets = { size: 1024, count: 32 };
/** How often table 8 is read for a procedure that goes on: each is a round trip of the link. */
const mostResponseReads = 20;
const passwordLength = 20;
/** PROC and SEQ_NBR, in tables 7 and 8 alike. */
const procedureHeader = 3;

/**
 * One session with one meter, in terms of its tables. `PsemError` for the link and for refusals, `TablesError` for bytes that do not fit
 * their definitions, `ClientError` for the rest.
 */
export class MeterClient {
  readonly #psem: PsemClient;
  readonly #definitions: Definitions;
  #identification: Identification | undefined;
  #negotiated: Negotiated | undefined;
  #context: MeterContext | undefined;
  #takesOffsets = false;
  #sequence = 0;

  constructor(psem: PsemClient, definitions: Definitions) {
    this.#psem = psem;
    this.#definitions = definitions;
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
  async connect(credentials: Credentials, options: Waiting = {}): Promise<void> {
    this.#identification = await this.#psem.identify(options);
    this.#negotiated = await this.#negotiate(options);
    await this.#psem.logon(credentials.userId, credentials.user, options);
    await this.#psem.security(paddedPassword(credentials.password), options);
  }

  /** What the meter's own dimension tables say; read once in a session. */
  async context(options: Waiting = {}): Promise<MeterContext> {
    return (this.#context ??= await this.#readContext(options));
  }

  /** The whole table, in parts where the negotiated packets are too small for it. */
  async readImage(table: TableId, options: Waiting = {}): Promise<Uint8Array> {
    const size = (await this.context(options)).layout(table).size;
    if (size <= this.#psem.largestRead) return this.#psem.readTable(table, options);
    this.#needOffsets(table, size);
    const parts: Uint8Array[] = [];
    for (let offset = 0; offset < size; offset += this.#psem.largestRead) {
      parts.push(await this.#psem.readOffset(table, offset, Math.min(this.#psem.largestRead, size - offset), options));
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
   * Runs a procedure by tables 7 and 8 and waits for its end. `number`: 2048 + n for manufacturer procedure n. A result other than 0 is
   * an answer, not an error. Rejects as `procedure-lost` where table 8 answers another procedure or never ends.
   */
  async procedure(number: number, parameters: FieldValue | Uint8Array, options: Waiting = {}): Promise<ProcedureAnswer> {
    const context = await this.context(options);
    const octets = parameters instanceof Uint8Array ? parameters : context.encodeParameters(number, parameters);
    this.#sequence = (this.#sequence + 1) & 0xff;
    const header = context.encode(7, { PROC: { TBL_PROC_NBR: number & 0x7ff, STD_VS_MFG: number >= 2048 }, SEQ_NBR: this.#sequence }).subarray(0, procedureHeader);
    await this.#psem.writeTable(7, concatBytes(header, octets));
    for (let reads = 0; reads < mostResponseReads; reads++) {
      const answer = await this.#psem.readTable(8, options);
      const result = answer[procedureHeader];
      if (result === undefined || header.some((octet, index) => octet !== answer[index])) {
        throw new ClientError("peer-data", "procedure-lost", `Table 8 does not answer procedure ${number}, which was started: another session may have started one since. Read the meter before starting it again.`, { table: 8, expected: this.#sequence, actual: answer[2] });
      }
      if (result !== 1) return { result, response: answer.slice(procedureHeader + 1) };
    }
    throw new ClientError("peer-refused", "procedure-lost", `Procedure ${number} was accepted and had not ended after ${mostResponseReads} reads of table 8. Read the meter later.`, { table: 8 });
  }

  /** Logs off and ends the session, then closes the channel. A link that is already gone is no error here. */
  async disconnect(options: Waiting = {}): Promise<void> {
    try {
      await this.#psem.logoff(options);
      await this.#psem.terminate(options);
    } catch (error) {
      if (!(error instanceof PsemError)) throw error;
    } finally {
      this.#psem.close();
    }
  }

  async #negotiate(options: Waiting): Promise<Negotiated | undefined> {
    try {
      return await this.#psem.negotiate(wantedPackets.size, wantedPackets.count, [], options);
    } catch (error) {
      if (error instanceof PsemError && error.kind === "peer-refused") return undefined;
      throw error;
    }
  }

  async #readContext(options: Waiting): Promise<MeterContext> {
    const image = await this.#psem.readTable(0, options);
    const images = new Map([[0, image]]);
    const general = MeterContext.of(this.#definitions, images);
    const accessMethod = general.decode(0, image).get("FORMAT_CONTROL_2.DATA_ACCESS_METHOD");
    this.#takesOffsets = accessMethod === 1 || accessMethod === 3;
    const used = [...this.#definitions.tables.keys()].filter((table) => general.has(table));
    for (const table of used.flatMap((one) => general.dimensionTables(one))) {
      if (!images.has(table) && general.has(table)) images.set(table, await this.#psem.readTable(table, options));
    }
    return MeterContext.of(this.#definitions, images);
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

function paddedPassword(password: string | Uint8Array): string | Uint8Array {
  if (typeof password === "string" || password.length >= passwordLength) return password;
  return concatBytes(password, new Uint8Array(passwordLength - password.length));
}
