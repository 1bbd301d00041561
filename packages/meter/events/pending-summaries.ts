import type { MeterMemory } from "../memory/meter-memory.ts";
import { TwinRecord } from "../memory/twin-record.ts";
import { entryLength, keyOfEntry, readEntry, writeEntry, type EventEntry } from "./event-entry.ts";
import type { EventBudget, EventKey } from "./event-kind.ts";

/** Events of one kind that are counted and have no entry yet. */
export interface PendingSummary {
  readonly entry: EventEntry;
  readonly budget: EventBudget;
  /** The number that its entry is about to get; 0 while it waits. */
  readonly number: number;
}

/** Octets of a summary: number 4, `atOnce` 1, `most` 1, the entry. */
const headLength = 6;
const rowLength = headLength + entryLength;

/** One row for each kind of event that has come more often than it may be entered: first, last and count. One record; as many rows as there are kinds at most. */
export class PendingSummaries {
  readonly #record: TwinRecord;
  readonly #rows: Map<EventKey, PendingSummary>;
  readonly damaged: boolean;
  readonly torn: boolean;

  /** `entered`: whether the log's entry of that number is of that kind, so that a summary whose writing a power cut interrupted is neither lost nor entered twice. */
  constructor(memory: MeterMemory, entered: (number: number, key: EventKey) => boolean) {
    this.#record = new TwinRecord(memory, "events/pending");
    const content = this.#record.read();
    const rows = content && rowsIn(content);
    this.damaged = this.#record.lost || (content !== undefined && rows === undefined);
    this.torn = this.#record.torn;
    const left = (rows ?? []).filter(({ number, entry }) => number === 0 || !entered(number, keyOfEntry(entry))).map((row) => ({ ...row, number: 0 }));
    this.#rows = new Map(left.map((row) => [keyOfEntry(row.entry), row]));
  }

  get isEmpty(): boolean {
    return this.#rows.size === 0;
  }

  get(key: EventKey): PendingSummary | undefined {
    return this.#rows.get(key);
  }

  /** In no particular order. */
  all(): readonly PendingSummary[] {
    return [...this.#rows.values()];
  }

  /** Durable on return, as all changes. */
  put(summary: PendingSummary): void {
    this.#change(new Map(this.#rows).set(keyOfEntry(summary.entry), summary));
  }

  remove(key: EventKey): void {
    const rows = new Map(this.#rows);
    if (rows.delete(key)) this.#change(rows);
  }

  #change(rows: ReadonlyMap<EventKey, PendingSummary>): void {
    const content = new Uint8Array(rows.size * rowLength);
    const view = new DataView(content.buffer);
    for (const [index, { entry, budget, number }] of [...rows.values()].entries()) {
      const at = index * rowLength;
      view.setUint32(at, number);
      view.setUint8(at + 4, budget.atOnce);
      view.setUint8(at + 5, budget.most);
      content.set(writeEntry(entry), at + headLength);
    }
    this.#record.write(content);
    this.#rows.clear();
    for (const [key, row] of rows) this.#rows.set(key, row);
  }
}

function rowsIn(content: Uint8Array): PendingSummary[] | undefined {
  if (content.length % rowLength !== 0) return undefined;
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  return Array.from({ length: content.length / rowLength }, (_, index) => {
    const at = index * rowLength;
    return { number: view.getUint32(at), budget: { atOnce: view.getUint8(at + 4), most: view.getUint8(at + 5) }, entry: readEntry(content, at + headLength) };
  });
}
