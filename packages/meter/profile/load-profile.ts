import type { MeterContext, TableId } from "@metersmith/tables";
import type { Configuration } from "../configuration/configuration.ts";
import type { MeterMemory } from "../memory/meter-memory.ts";
import { registerReading } from "../metrology/quantity.ts";
import type { ClockReading } from "../time/meter-clock.ts";
import { profileSize, type ProfileSize } from "./profile-size.ts";
import type { ProfileState } from "./profile-state.ts";
import { ProfileTables } from "./profile-tables.ts";
import { enterInterval } from "./record-intervals.ts";

/** The largest count by INT_FMT_CDE: the unsigned forms; in others this meter records none. */
const largestCount: Readonly<Record<number, number>> = { 1: 0xff, 2: 0xffff, 4: 0xffff_ffff };

/**
 * Load profile set 1 of a model: how intervals are recorded and shown. The state is each meter's, and lives in one record with its registers, so
 * that the two never disagree after a loss of power.
 */
export class LoadProfile {
  readonly size: ProfileSize;
  readonly #tables: ProfileTables;
  readonly #largest: number;

  private constructor(context: MeterContext, size: ProfileSize, control: Uint8Array) {
    this.size = size;
    this.#tables = new ProfileTables(context, size);
    this.#largest = largestCount[Number(context.decode(62, control).get("INT_FMT_CDE1"))] ?? 0;
  }

  /** Undefined for a model without one. `images`: the tables as the factory has them. */
  static of(context: MeterContext, images: ReadonlyMap<TableId, Uint8Array>): LoadProfile | undefined {
    const size = profileSize(context, images.get(61));
    const control = images.get(62);
    return size && control ? new LoadProfile(context, size, control) : undefined;
  }

  /** Seconds until the interval under way ends, at `utc` of the meter's clock. */
  untilNext(utc: number): number {
    const { intervalSeconds } = this.size;
    return intervalSeconds - (((utc % intervalSeconds) + intervalSeconds) % intervalSeconds);
  }

  /** The clock stands at `utc`: records what ended, and answers whether anything did. `finished` is called when a block went to its own record. */
  enter(state: ProfileState, configuration: Configuration, utc: number, reading: (utc: number) => ClockReading, memory: MeterMemory, finished: () => void): boolean {
    const unitOf = (channel: number): number => {
      const { quantity, countsPerUnit = 1 } = configuration.channels[channel] ?? {};
      return (quantity?.unit ?? 1) / countsPerUnit;
    };
    let blockFinished = false;
    const keep = (): void => {
      this.#tables.keep(memory, state, readingsOf(state, configuration));
      blockFinished = true;
    };
    const ended = enterInterval(state, { largest: this.#largest, unitOf, reading, keep }, utc);
    if (blockFinished) finished();
    return ended;
  }

  status(state: ProfileState): Uint8Array {
    return this.#tables.status(state);
  }

  data(state: ProfileState, configuration: Configuration, memory: MeterMemory): Uint8Array {
    return this.#tables.data(memory, state, readingsOf(state, configuration));
  }
}

function readingsOf(state: ProfileState, { channels }: Configuration): number[] {
  return Array.from({ length: state.size.channels }, (_, channel) => registerReading(state.reading(channel), channels[channel]?.quantity));
}
