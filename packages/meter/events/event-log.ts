import type { FieldValue, MeterContext } from "@metersmith/tables";
import { durableRecord, type DurableRecord } from "../memory/durable-record.ts";
import type { MeterMemory } from "../memory/meter-memory.ts";
import { civilText, type CivilSeconds } from "../time/civil-date.ts";
import { numberIn } from "../tree-access.ts";

/** Codes of the standard (facts ST76) that this meter logs, and two of its maker's (ours). */
export const meterEvent = {
  powerUp: { code: 2 },
  timeChangedFrom: { code: 3 },
  timeChangedTo: { code: 4 },
  programmed: { code: 11 },
  sessionBroken: { code: 13 },
  listReset: { code: 14 },
  listUpdated: { code: 15 },
  logCleared: { code: 18 },
  logUpdated: { code: 19 },
  demandReset: { code: 20 },
  wrongPassword: { code: 0, manufacturer: true },
  lockedOut: { code: 1, manufacturer: true },
} as const satisfies Record<string, MeterEvent>;

export interface MeterEvent {
  readonly code: number;
  readonly manufacturer?: boolean;
}

interface LoggedEvent {
  readonly time: CivilSeconds;
  readonly user: number;
  readonly code: number;
  readonly manufacturer: boolean;
}

interface LogState {
  /** Number of the newest entry there ever was. */
  readonly sequence: number;
  readonly unread: number;
  readonly overflow: boolean;
  /** Oldest first. */
  readonly entries: readonly LoggedEvent[];
}

/** The event log of table 76: as many entries as table 71 says, the oldest make room. */
export class EventLog {
  readonly #context: MeterContext;
  readonly #record: DurableRecord<LogState>;
  readonly #room: number;

  constructor(context: MeterContext, memory: MeterMemory, dimensions: Uint8Array | undefined) {
    this.#context = context;
    this.#room = dimensions && context.has(76) ? numberIn(context.decode(71, dimensions).tree(), "NBR_EVENT_ENTRIES") : 0;
    this.#record = durableRecord<LogState>(memory, "events", { sequence: 0, unread: 0, overflow: false, entries: [] }, (stored) => parseLog(stored, this.#room));
  }

  get damaged(): boolean {
    return this.#record.damaged;
  }

  get unread(): number {
    return this.#record.value.unread;
  }

  /** Durable on return; throws where memory does. */
  add(event: MeterEvent, time: CivilSeconds, user: number): void {
    if (this.#room === 0) return;
    const { sequence, unread, overflow, entries } = this.#record.value;
    const entry = { time, user, code: event.code, manufacturer: event.manufacturer ?? false };
    this.#record.write({
      sequence: sequence + 1,
      unread: Math.min(unread + 1, this.#room),
      overflow: overflow || unread === this.#room,
      entries: [...entries, entry].slice(-this.#room),
    });
  }

  /** The oldest unread entries become read. `count` is at most `unread`. */
  markRead(count: number): void {
    const state = this.#record.value;
    this.#record.write({ ...state, unread: state.unread - count, overflow: false });
  }

  clear(): void {
    this.#record.write({ sequence: this.#record.value.sequence, unread: 0, overflow: false, entries: [] });
  }

  /** Table 76: a ring in which an entry's place follows from its number. */
  image(): Uint8Array {
    const { sequence, unread, overflow, entries } = this.#record.value;
    const places: FieldValue[] = Array.from({ length: this.#room }, () => ({}));
    for (const [index, { time, user, code, manufacturer }] of entries.entries()) {
      const number = sequence - entries.length + 1 + index;
      places[number % this.#room] = { EVENT_TIME: civilText(time), EVENT_SEQ_NBR: number & 0xffff, USER_ID: user, EVENT_CODE: { TBL_PROC_NBR: code, STD_VS_MFG: manufacturer } };
    }
    return this.#context.encode(76, {
      EVENT_FLAGS: { LIST_TYPE: true, OVERFLOW_FLAG: overflow },
      NBR_VALID_ENTRIES: entries.length,
      LAST_ENTRY_ELEMENT: this.#room === 0 ? 0 : sequence % this.#room,
      LAST_ENTRY_SEQ_NBR: sequence,
      NBR_UNREAD_ENTRIES: unread,
      ENTRIES: places,
    });
  }
}

function parseLog(stored: unknown, room: number): LogState | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const { sequence, unread, overflow, entries } = stored as Readonly<Record<string, unknown>>;
  if (!Array.isArray(entries) || entries.length > room || !entries.every(isLogged) || typeof overflow !== "boolean") return undefined;
  return isUpTo(sequence, 0xffff_ffff) && sequence >= entries.length && isUpTo(unread, entries.length) ? { sequence, unread, overflow, entries } : undefined;
}

function isLogged(value: unknown): value is LoggedEvent {
  if (typeof value !== "object" || value === null) return false;
  const { time, user, code, manufacturer } = value as Readonly<Record<string, unknown>>;
  return isUpTo(time, 0xffff_ffff) && isUpTo(user, 0xffff) && isUpTo(code, 0x7ff) && typeof manufacturer === "boolean";
}

function isUpTo(value: unknown, largest: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= largest;
}
