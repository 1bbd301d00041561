import type { MeterContext, TableId } from "@metersmith/tables";
import type { Configuration } from "../configuration/configuration.ts";
import type { MeterMemory } from "../memory/meter-memory.ts";
import { registerReading } from "../metrology/selected-quantity.ts";
import type { ClockReading } from "../time/meter-clock.ts";
import { blankProfile, intervalFlag, intervalStatus, parseProfile, type ProfileBlock, type ProfileSize, type ProfileState } from "./profile-state.ts";
import { ProfileTables, profileSize } from "./profile-tables.ts";
import { enterInterval, markInterval } from "./record-intervals.ts";

/** The largest count by INT_FMT_CDE: the unsigned forms; in others this meter records none. */
const largestCount: Readonly<Record<number, number>> = { 1: 0xff, 2: 0xffff, 4: 0xffff_ffff };

/** Load profile set 1. Its state lives in the record of the registers, so that the two never disagree after a loss of power. */
export class LoadProfile {
  readonly #size: ProfileSize;
  readonly #tables: ProfileTables;
  readonly #largest: number;

  private constructor(context: MeterContext, memory: MeterMemory, size: ProfileSize, control: Uint8Array) {
    this.#size = size;
    this.#tables = new ProfileTables(context, memory, size);
    this.#largest = largestCount[Number(context.decode(62, control).get("INT_FMT_CDE1"))] ?? 0;
  }

  /** Undefined for a model without one. `image`: the tables as stored. */
  static of(context: MeterContext, memory: MeterMemory, image: (table: TableId) => Uint8Array | undefined): LoadProfile | undefined {
    const size = profileSize(context, image(61));
    const control = image(62);
    return size && control ? new LoadProfile(context, memory, size, control) : undefined;
  }

  blank(): ProfileState {
    return blankProfile(this.#size);
  }

  parse(stored: unknown): ProfileState | undefined {
    return parseProfile(stored, this.#size);
  }

  /** Seconds until the interval under way ends, at `utc` of the meter's clock. */
  untilNext(utc: number): number {
    const { intervalSeconds } = this.#size;
    return intervalSeconds - (((utc % intervalSeconds) + intervalSeconds) % intervalSeconds);
  }

  /** The clock stands at `utc`: records what ended. */
  enter(state: ProfileState, configuration: Configuration, utc: number, reading: (utc: number) => ClockReading): void {
    const countsPerWattHour = (channel: number): number => {
      const { quantity, countsPerUnit = 1 } = configuration.channels[channel] ?? {};
      return countsPerUnit / (quantity?.unit ?? 1);
    };
    const keep = (block: ProfileBlock): void => this.#tables.keep(block, (one) => readingsOf(one, configuration));
    enterInterval(state, { size: this.#size, largest: this.#largest, countsPerWattHour, reading, keep }, utc);
  }

  /** Active energy of the load, watt-hours. */
  draw(state: ProfileState, configuration: Configuration, energy: number): void {
    for (const [channel, { quantity }] of configuration.channels.entries()) {
      const drawn = energy * (quantity?.share ?? 0);
      state.drawn[channel] = (state.drawn[channel] ?? 0) + drawn;
      state.totals[channel] = (state.totals[channel] ?? 0) + drawn;
    }
  }

  status(state: ProfileState): Uint8Array {
    return this.#tables.status(state);
  }

  data(state: ProfileState, configuration: Configuration): Uint8Array {
    return this.#tables.data(state, (block) => readingsOf(block, configuration));
  }
}

/** What can happen to an interval under way, and how it is marked. */
export const profileMark = {
  powerFailed: (state: ProfileState) => markInterval(state, intervalFlag.powerFailed, intervalStatus.partial),
  clockMoved: (state: ProfileState, seconds: number) => markInterval(state, seconds < 0 ? intervalFlag.clockBack : intervalFlag.clockForward, intervalStatus.partial),
  configurationChanged: (state: ProfileState) => markInterval(state, 0, intervalStatus.configurationChanged),
} as const;

/** The list is empty from now on; its numbers go on (ours). */
export function clearProfile(state: ProfileState): void {
  Object.assign(state, { valid: 0, unread: 0, overflow: false, block: null, closed: false } satisfies Partial<ProfileState>);
}

function readingsOf(block: ProfileBlock, { channels }: Configuration): number[] {
  return block.readings.map((wattHours, channel) => registerReading(wattHours, channels[channel]?.quantity));
}
