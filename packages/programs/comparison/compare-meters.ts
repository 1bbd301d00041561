import { concatBytes } from "@metersmith/base/bytes";
import { digestOf, type Digest } from "@metersmith/base/digest";
import { changes, TablesError, type BitChange, type TableId } from "@metersmith/tables";
import type { CompiledComparison, ComparedTable } from "./compiled-comparison.ts";
import { WordReader } from "./words.ts";

/** The tables of one meter, now or as they were read once. */
export interface MeterSnapshot {
  readonly meter: string;
  /** Its device type's id. */
  readonly deviceType: string;
  /** Whole images; or, as they are kept in bulk, those of the program's tables in one piece, one behind another in the order of its checks and writes. */
  readonly tables: ReadonlyMap<TableId, Uint8Array> | Uint8Array;
}

/** A bit that the program may not change, or that it needs otherwise. */
export interface ComparisonRefusal extends BitChange {
  /** Which rule says so. */
  readonly rule: string;
}

/**
 * `same`: every bit of the program is in the meter · `differs`: it can be applied · `refused`: `refusals` name table, field, old, new and rule · `not-comparable`: `reason` says why.
 * Changes and refusals of equal tables are one and the same object.
 */
export type MeterComparison = { readonly meter: string; readonly deviceType: string } & ComparisonVerdict;

type ComparisonVerdict =
  | { readonly outcome: "same" }
  | { readonly outcome: "differs"; readonly changes: readonly BitChange[] }
  | { readonly outcome: "refused"; readonly changes: readonly BitChange[]; readonly refusals: readonly ComparisonRefusal[] }
  | { readonly outcome: "not-comparable"; readonly reason: string };

/** What differs in one table. */
interface TableVerdict {
  readonly changes: readonly BitChange[];
  readonly refusals: readonly ComparisonRefusal[];
}

/** Verdicts on tables that are kept: a fleet has a handful of states. */
const mostKept = 4096;

/**
 * Holds programs against many meters of several types, one after another as they come: the bits of the masks first, fields only where bits differ. Equal tables are worked out once, by their
 * digest. Never throws for what a meter holds.
 */
export async function* compareMeters(snapshots: Iterable<MeterSnapshot> | AsyncIterable<MeterSnapshot>, programs: readonly CompiledComparison[]): AsyncGenerator<MeterComparison> {
  const comparer = new MeterComparer(programs);
  // Without a wait for each where none is needed.
  if (Symbol.iterator in snapshots) for (const snapshot of snapshots) yield comparer.compare(snapshot);
  else for await (const snapshot of snapshots) yield comparer.compare(snapshot);
}

/** The comparison of one meter after another. */
export class MeterComparer {
  readonly #programs: ReadonlyMap<string, CompiledComparison>;
  readonly #words = new WordReader();
  readonly #known = new Map<Digest, TableVerdict>();

  /** At most one program for each device type; of several the last counts. */
  constructor(programs: readonly CompiledComparison[]) {
    this.#programs = new Map(programs.map((program) => [program.deviceType.id, program]));
  }

  compare({ meter, deviceType, tables }: MeterSnapshot): MeterComparison {
    const program = this.#programs.get(deviceType);
    if (!program) return { meter, deviceType, outcome: "not-comparable", reason: `no program for ${deviceType} was given` };
    const isPacked = tables instanceof Uint8Array;
    if (isPacked && tables.length !== program.packed.bytes.length) return { meter, deviceType, outcome: "not-comparable", reason: `${tables.length} octets; ${program.packed.bytes.length} are needed` };
    if (isPacked && !this.#words.differs(tables, program.packed)) return { meter, deviceType, outcome: "same" };
    const found: TableVerdict[] = [];
    let next = 0;
    for (const wanted of program.tables) {
      const bytes = isPacked ? tables.subarray(next, next + wanted.bytes.length) : tables.get(wanted.table);
      next += wanted.bytes.length;
      if (bytes?.length !== wanted.bytes.length) {
        return { meter, deviceType, outcome: "not-comparable", reason: `table ${wanted.table}: ${bytes === undefined ? "was not read" : `${bytes.length} octets`}; ${wanted.bytes.length} are needed` };
      }
      if (!this.#words.differs(bytes, wanted)) continue;
      try {
        found.push(this.#verdict(program, wanted, bytes));
      } catch (error) {
        if (!(error instanceof TablesError)) throw error;
        return { meter, deviceType, outcome: "not-comparable", reason: error.message };
      }
    }
    if (found.length === 0) return { meter, deviceType, outcome: "same" };
    const all = { changes: found.flatMap((one) => one.changes), refusals: found.flatMap((one) => one.refusals) };
    return all.refusals.length > 0 ? { meter, deviceType, outcome: "refused", ...all } : { meter, deviceType, outcome: "differs", changes: all.changes };
  }

  #verdict({ deviceType: { context, digest }, program, role }: CompiledComparison, wanted: ComparedTable, bytes: Uint8Array): TableVerdict {
    const key = digestOf(concatBytes(new TextEncoder().encode(`${digest} ${program} ${role} ${wanted.table} ${wanted.role} `), bytes));
    const known = this.#known.get(key);
    if (known) return known;
    const { table, bytes: target, mask, forbidden, rule } = wanted;
    const refused = changes(context, bytes, { table, bytes: target, mask: forbidden });
    const verdict = { changes: wanted.role === "checked" ? [] : changes(context, bytes, { table, bytes: target, mask }), refusals: refused.map((change) => ({ ...change, rule })) };
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= mostKept) this.#known.delete(oldest);
    this.#known.set(key, verdict);
    return verdict;
  }
}
