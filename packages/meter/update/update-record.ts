import type { FlashRegion } from "../flash/flash-region.ts";
import { TwinLog } from "../twin-log/twin-log.ts";
import { decodeState, encodeState, firstState, type UpdateState } from "./update-state.ts";

/** The state of updates, in flash: each change is one record, whole or not there. */
export class UpdateRecord {
  readonly #log: TwinLog;
  #state = firstState;
  #unreadable = false;
  #refused = false;

  constructor(areas: readonly [FlashRegion, FlashRegion]) {
    this.#log = new TwinLog(areas, {
      replay: (content) => {
        const state = decodeState(content);
        this.#unreadable ||= state === undefined;
        this.#state = state ?? this.#state;
      },
      snapshot: () => [encodeState(this.#state)],
    });
  }

  get state(): UpdateState {
    return this.#state;
  }

  /** What was there cannot be read: the counters are not known, and no image may be taken. */
  get lost(): boolean {
    return this.#unreadable || this.#log.damaged;
  }

  /** A change was not taken. */
  get failed(): boolean {
    return this.#refused;
  }

  /** Durable on return. False where memory did not take it: then the state is what it was. */
  keep(change: Partial<UpdateState>): boolean {
    const { counters } = this.#state;
    const next = { ...this.#state, ...change };
    const record = encodeState({ ...next, counters: { program: Math.max(counters.program, next.counters.program), firmware: Math.max(counters.firmware, next.counters.firmware) } });
    if (!this.#log.append(record, () => [record])) {
      this.#refused = true;
      return false;
    }
    this.#state = decodeState(record) ?? next;
    return true;
  }
}
