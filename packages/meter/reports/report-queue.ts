import { failureClasses, type FailureClass } from "../diagnostics/failure-class.ts";
import { keyOf, type EventKey, type MeterEvent } from "../events/event-kind.ts";
import type { MeterMemory } from "../memory/meter-memory.ts";
import { TwinValue } from "../memory/twin-value.ts";
import type { CivilSeconds } from "../time/civil-date.ts";

/** What is to be told at once, and has not been acknowledged. */
export interface Report {
  /** Of this report as it reads; when it happens again before it is acknowledged the report gets a new one, so that an acknowledgement never hides what was not told. */
  readonly id: number;
  readonly class: FailureClass;
  /** Number of the diagnostic, 0 where it is of none. */
  readonly diagnostic: number;
  readonly code: number;
  readonly manufacturer: boolean;
  readonly detail: number;
  readonly count: number;
  readonly first: CivilSeconds;
  readonly last: CivilSeconds;
  /** Number of its newest entry in table 76; 0 where it is only counted there as yet. */
  readonly entry: number;
}

interface Kept {
  readonly nextId: number;
  readonly reports: readonly Report[];
}

/** What wakes whoever takes reports away: called at once, and again until all are acknowledged. */
export type ReportListener = () => void;

/** The side of the queue that faces out of the meter. */
export interface ReportPort {
  /** In the order in which they are to go. */
  readonly pending: readonly Report[];
  /** It has arrived. False where there is no report of that id: it was acknowledged before, or has happened again since. Durable on return; throws where memory does. */
  acknowledge(id: number): boolean;
  /** The listener is called when there is something to report, at once and again until all is acknowledged; not any more after what is answered is called. */
  onReport(listener: ReportListener): () => void;
}

/**
 * Reports that go out at once: one for each kind of event at most, so it is bounded; kept through a loss of power; safety before service before all else (I2FR16), then the older
 * first. Whoever sends them takes `pending` and acknowledges each by its id once it has arrived.
 */
export class ReportQueue implements ReportPort {
  readonly #record: TwinValue<Kept>;
  readonly #listeners = new Set<ReportListener>();
  #raisedAt = 0;

  constructor(memory: MeterMemory) {
    this.#record = new TwinValue<Kept>(memory, "reports", { nextId: 1, reports: [] }, parseKept);
  }

  get damaged(): boolean {
    return this.#record.damaged;
  }

  get pending(): readonly Report[] {
    return this.#record.value.reports;
  }

  /** Durable on return, then the listeners are woken. Throws where memory does: then they are woken by what is there. */
  note(event: MeterEvent, { time, now, detail }: { readonly time: CivilSeconds; readonly now: number; readonly detail: number }, entry: number): void {
    const { nextId, reports } = this.#record.value;
    const key = keyOf(event);
    const before = reports.find((report) => keyOfReport(report) === key);
    const report: Report = {
      id: nextId, class: event.class ?? "informational", diagnostic: event.diagnostic ?? 0, code: event.code, manufacturer: event.manufacturer ?? false,
      detail, count: (before?.count ?? 0) + 1, first: before?.first ?? time, last: time, entry: entry === 0 ? (before?.entry ?? 0) : entry,
    };
    const next = [...reports.filter((other) => other !== before), report].sort((a, b) => failureClasses[a.class].number - failureClasses[b.class].number || a.id - b.id);
    this.#record.write({ nextId: (nextId % 0xffff_ffff) + 1, reports: next });
    this.#raise(now);
  }

  acknowledge(id: number): boolean {
    const { nextId, reports } = this.#record.value;
    const left = reports.filter((report) => report.id !== id);
    if (left.length === reports.length) return false;
    this.#record.write({ nextId, reports: left });
    return true;
  }

  /** Wakes the listeners again where something has waited for so long. */
  remind(now: number, everySeconds: number): void {
    if (this.pending.length > 0 && (now - this.#raisedAt >= everySeconds || now < this.#raisedAt)) this.#raise(now);
  }

  onReport(listener: ReportListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #raise(now: number): void {
    this.#raisedAt = now;
    for (const listener of this.#listeners) listener();
  }
}

function keyOfReport(report: Report): EventKey {
  return keyOf(report);
}

const members = ["id", "diagnostic", "code", "detail", "count", "first", "last", "entry"] as const;

function parseKept(stored: unknown): Kept | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const { nextId, reports } = stored as Readonly<Record<string, unknown>>;
  if (typeof nextId !== "number" || !Number.isInteger(nextId) || nextId < 1 || !Array.isArray(reports) || !reports.every(isReport)) return undefined;
  return { nextId, reports };
}

function isReport(value: unknown): value is Report {
  if (typeof value !== "object" || value === null) return false;
  const report = value as Readonly<Record<string, unknown>>;
  const known = Object.keys(failureClasses).includes(String(report["class"])) && typeof report["manufacturer"] === "boolean";
  return known && members.every((member) => typeof report[member] === "number" && Number.isInteger(report[member]) && report[member] >= 0);
}
