import type { MeterMemory } from "../memory/meter-memory.ts";
import { numbersLike, TwinValue } from "../memory/twin-value.ts";

/** What the meter keeps of its own life for its diagnostics. Times are seconds of the running hardware; 0 where it has not happened. */
export interface LifeFacts {
  readonly [fact: string]: number;
  readonly installedAt: number;
  /** When the clock was last set, and by how much that moved it, seconds. */
  readonly syncedAt: number;
  readonly syncs: number;
  readonly correction: number;
  /** Attempts in a row that failed. */
  readonly headEndFailures: number;
  readonly homeDeviceFailures: number;
  readonly homeDevice: number;
  /** Reason of the last update of the firmware, 0 where it succeeded. */
  readonly updateFailed: number;
  /** Seconds in all for which the battery carried the clock. */
  readonly carriedOver: number;
}

/** Power is known to have been there at this time, to within so many seconds. */
export const aliveSeconds = 900;

const blank: LifeFacts = {
  installedAt: 0, syncedAt: 0, syncs: 0, correction: 0, headEndFailures: 0, homeDeviceFailures: 0, homeDevice: 0, updateFailed: 0, carriedOver: 0,
};

export class MeterFacts {
  readonly #memory: MeterMemory;
  readonly #record: TwinValue<LifeFacts>;
  #alive: number;

  /** `now`: the power has just come. What passed since the meter was last known to have power, its battery carried. */
  constructor(memory: MeterMemory, now: number) {
    this.#memory = memory;
    this.#record = new TwinValue(memory, "facts", blank, numbersLike(blank));
    const alive = memory.read("alive");
    this.#alive = alive?.length === 4 ? new DataView(alive.buffer, alive.byteOffset).getUint32(0) : 0;
    const away = this.#alive === 0 ? 0 : now - this.#alive;
    if (away > 0) this.change({ carriedOver: this.value.carriedOver + away });
  }

  get damaged(): boolean {
    return this.#record.damaged;
  }

  get value(): LifeFacts {
    return this.#record.value;
  }

  /** Durable where memory takes it; a fact that memory does not take is lost, and table 3 says that memory failed. */
  change(facts: { readonly [Fact in keyof LifeFacts]?: number }): void {
    if (Object.entries(facts).every(([fact, value]) => this.value[fact] === value)) return;
    const next = Object.assign({ ...this.value }, facts);
    try {
      this.#record.write(next);
    } catch {
      // Nothing is refused because it could not be noted.
    }
  }

  /** There is power. Noted every quarter of an hour: an outage is known to that. */
  stayAlive(now: number): void {
    if (now >= this.#alive && now - this.#alive < aliveSeconds) return;
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, now);
    try {
      this.#memory.write("alive", bytes);
      this.#alive = now;
    } catch {
      // As above.
    }
  }
}
