import type { FieldValue, MeterContext } from "@metersmith/tables";
import type { Configuration } from "../configuration/configuration.ts";
import { durableRecord, type DurableRecord } from "../memory/durable-record.ts";
import type { MeterMemory } from "../memory/meter-memory.ts";
import { civilText, type CivilSeconds } from "../time/civil-date.ts";
import { timeOfUseAt } from "../time/time-of-use.ts";
import { listIn } from "../tree-access.ts";
import type { Load } from "./household-load.ts";
import { parseRegisters, type RegisterBlock, type RegisterState } from "./register-state.ts";
import type { SelectedQuantity } from "./selected-quantity.ts";

/** A step of measuring, seconds: shorter where a demand interval asks for it. */
const longestStep = 900;
/** Steps measured at one go. Time before that is not made up for: a bound, not a feature. */
const mostSteps = 40_000;
/** Registers turn over here. Ours: nine dials. */
const rollover = 1e9;

/** The registers of table 23: fed by a load, divided by the calendar's tiers. Its time is the host's, so setting the clock makes no energy. */
export class Registers {
  readonly #context: MeterContext;
  readonly #load: Load;
  readonly #record: DurableRecord<RegisterState>;
  #state: RegisterState;

  constructor(context: MeterContext, memory: MeterMemory, load: Load, hostSeconds: number) {
    this.#context = context;
    this.#load = load;
    const template = context.decode(23, context.encode(23, {})).tree();
    const blank = blankState(template, hostSeconds);
    this.#record = durableRecord<RegisterState>(memory, "registers", blank, (stored) => parseRegisters(stored, blank));
    // The meter was without power until now, so nothing was drawn through it.
    this.#state = { ...structuredClone(this.#record.value), to: hostSeconds };
  }

  get damaged(): boolean {
    return this.#record.damaged;
  }

  /** Measures up to `hostSeconds`. `clock` reads the meter's own time for an instant of the host. */
  advance(hostSeconds: number, configuration: Configuration, clock: (hostSeconds: number) => CivilSeconds): void {
    const step = stepFor(configuration.demands);
    const state = this.#state;
    state.to = Math.max(state.to, hostSeconds - step * mostSteps);
    while (state.to < hostSeconds) {
      const end = Math.min(hostSeconds, (Math.floor(state.to / step) + 1) * step);
      const tou = timeOfUseAt(configuration.calendar, clock(state.to));
      const watts = this.#load(state.to + configuration.offset.zoneMinutes * 60);
      const energy = (watts * (end - state.to)) / 3600;
      for (const block of [state.blocks[0], state.blocks[1 + tou.summationTier]]) {
        if (!block) continue;
        for (const [index, quantity] of configuration.summations.entries()) {
          block.summations[index] = (block.summations[index] ?? 0) + energy * shareOf(quantity);
        }
      }
      for (const [index, quantity] of configuration.demands.entries()) {
        const seconds = (quantity?.intervalMinutes ?? 0) * 60;
        if (seconds === 0) continue;
        const drawn = (state.intervals[index] ?? 0) + energy * shareOf(quantity);
        const ended = end % seconds === 0;
        state.intervals[index] = ended ? 0 : drawn;
        if (ended) keepHighest([state.blocks[0], state.blocks[1 + tou.demandTier]], index, (drawn * 3600) / seconds, clock(end));
      }
      state.to = end;
    }
  }

  /** Table 23 as it reads now; what it shows is durable on return. */
  image(configuration: Configuration): Uint8Array {
    this.#record.write(structuredClone(this.#state));
    const [total, ...tiers] = this.#state.blocks.map((block) => this.#shown(block, configuration));
    return this.#context.encode(23, { NBR_DEMAND_RESETS: this.#state.resets, TOT_DATA_BLOCK: total ?? {}, TIER_DATA_BLOCK: tiers });
  }

  /** Procedure 3: everything to zero, durable on return. */
  clear(hostSeconds: number): void {
    const blank = blankState(this.#context.decode(23, this.#context.encode(23, {})).tree(), hostSeconds);
    this.#record.write(blank);
    this.#state = structuredClone(blank);
  }

  #shown(block: RegisterBlock, configuration: Configuration): FieldValue {
    const inUnit = (value: number, quantity: SelectedQuantity | undefined): number => Math.floor(value / (quantity?.unit ?? 1)) % rollover;
    return {
      SUMMATIONS: block.summations.map((value, index) => inUnit(value, configuration.summations[index])),
      DEMANDS: block.demands.map(({ watts, at, cumulative }, index) => ({
        ...(at === null ? {} : { EVENT_TIME: [civilText(at).slice(0, 16)] }),
        CUM_DEMAND: inUnit(cumulative, configuration.demands[index]),
        DEMAND: [inUnit(watts, configuration.demands[index])],
      })),
    };
  }
}

function keepHighest(blocks: readonly (RegisterBlock | undefined)[], index: number, watts: number, at: CivilSeconds): void {
  for (const block of blocks) {
    const demand = block?.demands[index];
    if (demand && watts > demand.watts) {
      demand.watts = watts;
      demand.at = at;
    }
  }
}

/** Reactive and apparent shares of the synthetic load are fixed: power factor 0.97. */
function shareOf(quantity: SelectedQuantity | undefined): number {
  return [1, 0.25, 1.03][quantity?.idCode ?? -1] ?? 0;
}

function stepFor(demands: readonly (SelectedQuantity | undefined)[]): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return demands.reduce((step, quantity) => divisor(step, (quantity?.intervalMinutes ?? 0) * 60), longestStep);
}

function blankState(template: FieldValue, hostSeconds: number): RegisterState {
  const total = (template as { readonly [field: string]: FieldValue })["TOT_DATA_BLOCK"] ?? {};
  const demands = listIn(total, "DEMANDS").length;
  const block = (): RegisterBlock => ({
    summations: listIn(total, "SUMMATIONS").map(() => 0),
    demands: Array.from({ length: demands }, () => ({ watts: 0, at: null, cumulative: 0 })),
  });
  return { to: hostSeconds, resets: 0, intervals: Array.from({ length: demands }, () => 0), blocks: [block(), ...listIn(template, "TIER_DATA_BLOCK").map(block)] };
}
