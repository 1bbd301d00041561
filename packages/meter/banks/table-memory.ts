import type { TableId } from "@metersmith/tables";
import { decodeBankRecord, encodeBankRecord, type BankRecord, type ProgramMark, type TableOctets } from "./bank-record.ts";
import type { FlashRegion } from "../flash/flash-region.ts";
import { TwinLog } from "../twin-log/twin-log.ts";

/**
 * The meter's stored tables, whole images: the factory's until written, durable from then on. They are kept in two banks of flash as what differs from the
 * factory's: a write is a record in the active bank; the other bank is filled when that one is full, and by a program as a whole.
 */
export class TableMemory {
  readonly #factory: ReadonlyMap<TableId, Uint8Array>;
  #written: ReadonlyMap<TableId, Uint8Array> = new Map();
  #program: ProgramMark["program"] | undefined;
  readonly #banks: TwinLog;
  #foreign = false;

  constructor(banks: readonly [FlashRegion, FlashRegion], factory: ReadonlyMap<TableId, Uint8Array>) {
    this.#factory = factory;
    const images = new Map<TableId, Uint8Array>();
    this.#written = images;
    this.#banks = new TwinLog(banks, {
      replay: (content) => {
        const record = decodeBankRecord(content);
        if (record && "program" in record) this.#program = record.program;
        else this.#foreign = !this.#put(record, images) || this.#foreign;
      },
      snapshot: () => this.#snapshot(images, this.#program),
    });
  }

  /** The banks are no banks, or hold a record that is none of this meter's tables: that is as absent, and table 3 says NONVOL_MEM_FAILURE. */
  get damaged(): boolean {
    return this.#foreign || this.#banks.damaged;
  }

  /** The program that was the last to fill a bank. */
  get program(): ProgramMark["program"] | undefined {
    return this.#program;
  }

  /** Not to be changed by the caller. Undefined for a table that is not stored. */
  image(table: TableId): Uint8Array | undefined {
    return this.#written.get(table) ?? this.#factory.get(table);
  }

  /** The tables as flash gives them now, whatever is worked with. */
  reread(): (table: TableId) => Uint8Array | undefined {
    const images = new Map<TableId, Uint8Array>();
    for (const content of this.#banks.reread()) {
      const record = decodeBankRecord(content);
      if (record && !("program" in record)) this.#put(record, images);
    }
    return (table) => images.get(table) ?? this.#factory.get(table);
  }

  /** Replaces octets from `offset` on; durable on return. False where memory did not take them: then the old image stays. */
  write(table: TableId, offset: number, bytes: Uint8Array): boolean {
    const old = this.image(table);
    if (!old) throw new TypeError(`table ${table} is not stored`);
    const image = old.slice();
    image.set(bytes, offset);
    const written = new Map(this.#written).set(table, image);
    const kept = this.#banks.append(encodeBankRecord({ table, offset, bytes }), () => this.#snapshot(written, this.#program));
    if (kept) this.#written = written;
    return kept;
  }

  /** Fills the other bank with these images over what is stored, and a program's mark, and switches to it: all of it, or nothing and false. */
  fill(images: ReadonlyMap<TableId, Uint8Array>, program: ProgramMark["program"]): boolean {
    const written = new Map([...this.#written, ...images]);
    const kept = this.#banks.rewrite(this.#snapshot(written, program));
    if (kept) {
      this.#written = written;
      this.#program = program;
    }
    return kept;
  }

  /** False where the record is none of this meter's tables. */
  #put(record: TableOctets | undefined, images: Map<TableId, Uint8Array>): boolean {
    const image = record && (images.get(record.table) ?? this.#factory.get(record.table)?.slice());
    if (!image || record.offset + record.bytes.length > image.length) return false;
    image.set(record.bytes, record.offset);
    images.set(record.table, image);
    return true;
  }

  #snapshot(written: ReadonlyMap<TableId, Uint8Array>, program: ProgramMark["program"] | undefined): Uint8Array[] {
    const records: BankRecord[] = program ? [{ program }] : [];
    for (const [table, image] of written) {
      const factory = this.#factory.get(table) ?? new Uint8Array();
      const differs = (octet: number, at: number): boolean => octet !== factory[at];
      const offset = image.findIndex(differs);
      if (offset >= 0) records.push({ table, offset, bytes: image.subarray(offset, image.findLastIndex(differs) + 1) });
    }
    return records.map(encodeBankRecord);
  }
}
