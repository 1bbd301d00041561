import { keptAtFactory, openingReasons, type Kept } from "@metersmith/protection";
import { taken } from "../flash/flash-failure.ts";
import type { MeterMemory } from "../memory/meter-memory.ts";
import { numbersLike, TwinValue } from "../memory/twin-value.ts";
import { reasonNumber } from "./protection-events.ts";

interface StoredKept {
  readonly [member: string]: number;
  readonly openedBy: number;
  readonly openedAt: number;
  readonly armed: number;
  readonly faultCount: number;
  readonly reclosures: number;
}

const stored = ({ openedBy, openedAt, armed, faultCount, reclosures }: Kept): StoredKept => ({ openedBy: reasonNumber(openedBy), openedAt, armed: Number(armed), faultCount, reclosures });

/** What of the protection survives a loss of power, by what it is made of. */
export class SwitchRecord {
  /** Where the latch stands. No memory of the board's: matter, which a simulation has to write down somewhere. */
  readonly #matter: MeterMemory;
  readonly #kept: TwinValue<StoredKept>;

  constructor(memory: MeterMemory, matter: MeterMemory) {
    this.#matter = matter;
    this.#kept = new TwinValue(memory, "protection", stored(keptAtFactory), numbersLike(stored(keptAtFactory)));
  }

  get damaged(): boolean {
    return this.#kept.damaged;
  }

  get closed(): boolean {
    return this.#matter.read("switch")?.[0] !== 0;
  }

  get kept(): Kept {
    const { openedBy, openedAt, armed, faultCount, reclosures } = this.#kept.value;
    return { openedBy: openingReasons[openedBy - 1] ?? null, openedAt, armed: armed !== 0, faultCount, reclosures };
  }

  /** Durable on return; false where memory does not take it. */
  keep(kept: Kept): boolean {
    return taken(() => {
      this.#kept.write(stored(kept));
      return true;
    });
  }

  moved(closed: boolean): void {
    this.#matter.write("switch", Uint8Array.of(Number(closed)));
  }
}
