import type { MeterContext } from "@metersmith/tables";
import { failureClasses } from "../diagnostics/failure-class.ts";
import type { MeterMemory } from "../memory/meter-memory.ts";
import { TwinRecord } from "../memory/twin-record.ts";
import type { CivilSeconds } from "../time/civil-date.ts";
import { numberIn } from "../tree-access.ts";
import { keptSeconds, nextEntryAt } from "./entry-budget.ts";
import { keyOfEntry, type EventEntry } from "./event-entry.ts";
import { keyOf, type EventBudget, type EventKey, type MeterEvent } from "./event-kind.ts";
import { eventTable } from "./event-table.ts";
import { EntryStore } from "./entry-store.ts";
import { PendingSummaries, type PendingSummary } from "./pending-summaries.ts";

/** When and by whom. */
export interface EventOccurrence {
  /** By the meter's clock. */
  readonly time: CivilSeconds;
  /** Seconds of the running hardware. */
  readonly now: number;
  readonly user?: number;
  readonly detail?: number;
}

const mostCounted = 0xffff_ffff;

/**
 * The event log of table 76. An entry gets the next number and never changes; a kind of events that has used up its budget is counted in a summary, which becomes one entry when
 * the budget allows it. Budgets add up to the places of the table at most, so every entry stays for 45 days, and none pushes one of another class out.
 */
export class EventLog {
  readonly #context: MeterContext;
  readonly #room: number;
  readonly #store: EntryStore;
  readonly #pending: PendingSummaries;
  readonly #marks: TwinRecord;
  /** When a pending summary may be entered at the earliest; by kind. */
  readonly #due = new Map<EventKey, number>();
  #readTo = 0;
  #clearedTo = 0;

  constructor(context: MeterContext, memory: MeterMemory, dimensions: Uint8Array | undefined) {
    this.#context = context;
    this.#room = dimensions && context.has(76) ? numberIn(context.decode(71, dimensions).tree(), "NBR_EVENT_ENTRIES") : 0;
    this.#store = new EntryStore(memory, this.#room);
    this.#pending = new PendingSummaries(memory, (number, key) => this.#store.keyAt(number) === key);
    this.#marks = new TwinRecord(memory, "events/marks");
    const marks = this.#marks.read();
    if (marks?.length !== 8) return;
    const view = new DataView(marks.buffer, marks.byteOffset);
    // Marks past the newest entry would hide events: they are from a log that was lost.
    this.#readTo = Math.min(view.getUint32(0), this.#store.sequence);
    this.#clearedTo = Math.min(view.getUint32(4), this.#readTo);
  }

  /** Entries, summaries or marks were there and could not be read. */
  get damaged(): boolean {
    return this.#store.damaged || this.#pending.damaged || this.#marks.lost;
  }

  /** A power cut interrupted the writing of an event that nobody was told of as stored. */
  get torn(): boolean {
    return this.#store.torn || this.#pending.torn || this.#marks.torn;
  }

  /** Number of the newest entry there ever was. */
  get sequence(): number {
    return this.#store.sequence;
  }

  get unread(): number {
    return Math.min(this.sequence - this.#readTo, this.#room);
  }

  /** Counted events that have no entry yet, by kind. */
  get summaries(): readonly PendingSummary[] {
    return this.#pending.all();
  }

  /** Durable on return; throws where memory does. Answers the number of the entry, 0 where the event was counted in a summary. */
  add(event: MeterEvent, { time, now, user = 0, detail = 0 }: EventOccurrence): number {
    if (this.#room === 0) return 0;
    const key = keyOf(event);
    const before = this.#pending.get(key)?.entry;
    const entry: EventEntry = {
      time, user, detail, entered: now, first: before?.first ?? time, count: Math.min((before?.count ?? 0) + 1, mostCounted),
      code: event.code, manufacturer: event.manufacturer ?? false, diagnostic: event.diagnostic ?? 0, class: failureClasses[event.class ?? "informational"].number,
    };
    const summary = { entry, budget: event, number: 0 };
    if (this.#dueAt(key, event, now) > now) {
      this.#pending.put(summary);
      return 0;
    }
    if (before) this.#enter(summary, now);
    else this.#store.append(entry);
    return this.sequence;
  }

  /** Enters the summaries whose time has come. Durable on return; throws where memory does. */
  enterDue(now: number): void {
    if (this.#pending.isEmpty) return;
    for (const summary of this.#pending.all()) if (this.#dueAt(keyOfEntry(summary.entry), summary.budget, now) <= now) this.#enter(summary, now);
  }

  /** The oldest unread entries become read. `count` is at most `unread`. */
  markRead(count: number): void {
    this.#mark(this.sequence - this.unread + count, this.#clearedTo);
  }

  /** Nothing is left to be read; numbers go on, and so do the budgets. */
  clear(): void {
    this.#mark(this.sequence, this.sequence);
  }

  /** Table 76: a ring in which an entry's place follows from its number. */
  image(): Uint8Array {
    const { sequence } = this;
    const valid = Math.min(sequence - this.#clearedTo, this.#room);
    return eventTable(this.#context, {
      room: this.#room, sequence, valid, unread: this.unread, overflow: sequence - this.#readTo > this.#room,
      entries: this.#store.newestFirst(sequence - valid + 1),
    });
  }

  /** Takes a summary out of those that wait and enters it, once: the number is noted first, so that a power cut between the two writes does neither twice. */
  #enter(summary: PendingSummary, now: number): void {
    const key = keyOfEntry(summary.entry);
    this.#pending.put({ ...summary, number: this.sequence + 1 });
    this.#store.append({ ...summary.entry, entered: now });
    this.#pending.remove(key);
    this.#due.delete(key);
  }

  /** A kind whose summary waits is due at a time that only its own entry changes: that one is remembered. */
  #dueAt(key: EventKey, budget: EventBudget, now: number): number {
    const known = this.#due.get(key);
    if (known !== undefined) return known;
    const entered: number[] = [];
    for (const { entry } of this.#store.newestFirst(Math.max(1, this.sequence - this.#room + 1))) {
      if (now - entry.entered >= keptSeconds) break;
      if (keyOfEntry(entry) === key) entered.push(entry.entered);
    }
    const due = nextEntryAt(budget, entered, now);
    if (due > now) this.#due.set(key, due);
    return due;
  }

  #mark(readTo: number, clearedTo: number): void {
    const bytes = new Uint8Array(8);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, readTo);
    view.setUint32(4, clearedTo);
    this.#marks.write(bytes);
    this.#readTo = readTo;
    this.#clearedTo = clearedTo;
  }
}
