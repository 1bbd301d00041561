import type { TableId } from "@metersmith/tables";
import type { MeterMemory } from "./meter-memory.ts";

/** The meter's stored tables, whole images: the factory's until written, durable from then on. */
export class TableMemory {
  readonly #memory: MeterMemory;
  readonly #images: Map<TableId, Uint8Array>;
  /** Tables whose stored image had the wrong length: the factory's serves, and table 3 says NONVOL_MEM_FAILURE. */
  readonly damaged: readonly TableId[];

  constructor(memory: MeterMemory, factory: ReadonlyMap<TableId, Uint8Array>) {
    this.#memory = memory;
    this.#images = new Map(factory);
    const damaged: TableId[] = [];
    for (const [table, image] of factory) {
      const stored = memory.read(keyOf(table));
      if (stored === undefined) continue;
      if (stored.length === image.length) this.#images.set(table, stored);
      else damaged.push(table);
    }
    this.damaged = damaged;
  }

  /** Not to be changed by the caller. Undefined for a table that is not stored. */
  image(table: TableId): Uint8Array | undefined {
    return this.#images.get(table);
  }

  /** As non-volatile memory gives it now, whatever is worked with; the factory's where the table was never written. */
  reread(table: TableId): Uint8Array | undefined {
    return this.#memory.read(keyOf(table)) ?? this.#images.get(table);
  }

  /** Replaces octets from `offset` on. Returns once it would survive a loss of power; where memory throws, the old image stays. */
  write(table: TableId, offset: number, bytes: Uint8Array): void {
    const old = this.#images.get(table);
    if (!old) throw new TypeError(`table ${table} is not stored`);
    const image = old.slice();
    image.set(bytes, offset);
    this.#memory.write(keyOf(table), image);
    this.#images.set(table, image);
  }
}

function keyOf(table: TableId): string {
  return `table/${table}`;
}
