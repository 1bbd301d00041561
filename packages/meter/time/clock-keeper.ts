import type { Clock } from "@metersmith/base/clock";
import { durableRecord, type DurableRecord } from "../memory/durable-record.ts";
import type { MeterMemory } from "../memory/meter-memory.ts";
import type { Configuration } from "../configuration/configuration.ts";
import { readClock, type ClockMode, type ClockReading } from "./meter-clock.ts";

interface ClockRecord {
  readonly isSet: boolean;
  readonly mode: ClockMode;
  /** Meter minus host, milliseconds. */
  readonly skew: number;
}

const modes: readonly ClockMode[] = ["utc", "standard", "prevailing"];
/** A clock that was never set starts here. */
const factoryStart = Date.UTC(2000, 0, 1);

/** The meter's battery-kept clock over the host's: what it was set to survives, and it runs on while the power is off. */
export class ClockKeeper {
  readonly #host: Clock;
  readonly #record: DurableRecord<ClockRecord>;

  constructor(memory: MeterMemory, host: Clock) {
    this.#host = host;
    this.#record = durableRecord<ClockRecord>(memory, "clock", { isSet: false, mode: "utc", skew: factoryStart - host.now() }, parseClock);
    if (memory.read("clock") === undefined) this.#record.write(this.#record.value);
  }

  /** False: table 3 says CLOCK_ERROR. */
  get isSet(): boolean {
    return this.#record.value.isSet;
  }

  get mode(): ClockMode {
    return this.#record.value.mode;
  }

  /** Whole seconds since 1970, by this clock. */
  get utc(): number {
    return this.utcAt(this.#host.now());
  }

  /** What this clock takes an instant of the host for. */
  utcAt(hostMilliseconds: number): number {
    return Math.floor((hostMilliseconds + this.#record.value.skew) / 1000);
  }

  reading(configuration: Configuration, utc = this.utc): ClockReading {
    return readClock(utc, this.mode, configuration.offset, configuration.calendar);
  }

  /** Durable on return. */
  set(utc: number, mode: ClockMode): void {
    this.#record.write({ isSet: true, mode, skew: utc * 1000 - this.#host.now() });
  }
}

function parseClock(stored: unknown): ClockRecord | undefined {
  if (typeof stored !== "object" || stored === null || !("isSet" in stored) || !("mode" in stored) || !("skew" in stored)) return undefined;
  const { isSet, skew } = stored;
  const mode = modes.find((known) => known === stored.mode);
  return typeof isSet === "boolean" && mode !== undefined && typeof skew === "number" ? { isSet, mode, skew } : undefined;
}
