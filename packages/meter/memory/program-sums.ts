import { crc32 } from "@metersmith/base/crc32";
import type { TableId } from "@metersmith/tables";
import type { ProgramArea } from "../diagnostics/diagnostic-ports.ts";
import type { MeterMemory } from "./meter-memory.ts";
import type { TableMemory } from "../banks/table-memory.ts";
import { TwinValue } from "./twin-value.ts";

/** A table that was written, with the checksums that it may have: before and after its last write, as power may be lost between the two. */
type Sums = readonly (readonly [table: TableId, before: number, after: number])[];

/** Checksums of the stored tables, noted when they are written and held against what non-volatile memory gives back. */
export class ProgramSums {
  readonly #stored: TableMemory;
  readonly #asStored: (table: TableId, image: Uint8Array) => Uint8Array;
  readonly #record: TwinValue<Sums>;

  /** `asStored`: what becomes of a table in flash that a scenario damages. */
  constructor(memory: MeterMemory, stored: TableMemory, asStored: (table: TableId, image: Uint8Array) => Uint8Array) {
    this.#stored = stored;
    this.#asStored = asStored;
    this.#record = new TwinValue<Sums>(memory, "sums", [], parseSums);
  }

  get damaged(): boolean {
    return this.#record.damaged;
  }

  /** Before a table is written: durable on return. */
  expect(table: TableId, offset: number, bytes: Uint8Array): void {
    const image = this.#stored.image(table);
    if (!image) return;
    const next = image.slice();
    next.set(bytes, offset);
    const others = this.#record.value.filter(([other]) => other !== table);
    this.#record.write([...others, [table, crc32(image), crc32(next)]]);
  }

  areas(): ProgramArea[] {
    const imageOf = this.#stored.reread();
    return this.#record.value.map(([table, before, after]) => {
      const image = imageOf(table);
      const sum = image && crc32(this.#asStored(table, image));
      return { table, whole: sum === before || sum === after };
    });
  }
}

function parseSums(stored: unknown): Sums | undefined {
  if (!Array.isArray(stored)) return undefined;
  return stored.every((row) => Array.isArray(row) && row.length === 3 && row.every((value) => Number.isInteger(value))) ? (stored as Sums) : undefined;
}
