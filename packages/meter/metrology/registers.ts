import type { MeterContext } from "@metersmith/tables";
import type { Configuration } from "../configuration/configuration.ts";
import { durableRecord, type DurableRecord } from "../memory/durable-record.ts";
import { LineSample, phases, type Line } from "../line/line.ts";
import type { MeterMemory } from "../memory/meter-memory.ts";
import { clearProfile, profileMark, type LoadProfile } from "../profile/load-profile.ts";
import type { ProfileState } from "../profile/profile-state.ts";
import type { CivilSeconds } from "../time/civil-date.ts";
import type { ClockReading } from "../time/meter-clock.ts";
import { timeOfUseAt } from "../time/time-of-use.ts";
import { parseRegisters, type RegisterBlock, type RegisterState } from "./register-state.ts";
import { blankRegisters, currentRegisters, previousRegisters } from "./register-tables.ts";
import type { SelectedQuantity } from "./selected-quantity.ts";

/** A step of measuring, seconds: shorter where a demand interval or the load profile asks for it. */
const longestStep = 900;
/** Steps measured at one go. Time before that is not made up for: a bound, not a feature. */
const mostSteps = 40_000;

/** The meter's own time for instants of its host. */
export interface MeterTime {
  /** Seconds of universal time by the meter's clock at whole seconds of the host. */
  readonly utcAt: (hostSeconds: number) => number;
  /** What the clock shows at such a time. */
  readonly reading: (utc: number) => ClockReading;
}

/**
 * What the meter measures: the registers of tables 23 and 25 and the load profile, fed by one line, divided by the calendar's tiers. Its time is the
 * host's, so setting the clock makes no energy. One record holds all of it.
 */
export class Registers {
  readonly #context: MeterContext;
  readonly #line: Line;
  readonly #sample = new LineSample();
  readonly #profile: LoadProfile | undefined;
  readonly #record: DurableRecord<RegisterState>;
  #state: RegisterState;

  constructor(context: MeterContext, memory: MeterMemory, line: Line, profile: LoadProfile | undefined, hostSeconds: number) {
    this.#context = context;
    this.#line = line;
    this.#profile = profile;
    const blank = this.#blank(hostSeconds);
    this.#record = durableRecord<RegisterState>(memory, "registers", blank, (stored) => parseRegisters(stored, blank, (kept) => profile?.parse(kept)));
    // The meter was without power until now, so nothing was drawn through it.
    this.#state = { ...structuredClone(this.#record.value), to: hostSeconds };
    if (this.#state.profile && this.#state.profile.interval !== null) profileMark.powerFailed(this.#state.profile);
  }

  get damaged(): boolean {
    return this.#record.damaged;
  }

  /** The load profile's state, for its pointers and tables; undefined where the model has none. */
  get profile(): Readonly<ProfileState> | undefined {
    return this.#state.profile;
  }

  /** Measures up to `hostSeconds`. */
  advance(hostSeconds: number, configuration: Configuration, time: MeterTime): void {
    const step = stepFor(configuration.demands);
    const state = this.#state;
    state.to = Math.max(state.to, hostSeconds - step * mostSteps);
    while (state.to < hostSeconds) {
      const utc = time.utcAt(state.to);
      this.#enter(utc, configuration, time);
      const untilInterval = this.#profile?.untilNext(utc) ?? longestStep;
      const latest = Math.min(hostSeconds, (Math.floor(state.to / step) + 1) * step, state.to + untilInterval);
      const end = Math.max(state.to + 1, Math.floor(this.#line.sample(state.to, latest, this.#sample)));
      this.#measure(end, configuration, (host) => time.reading(time.utcAt(host)).seconds);
      state.to = end;
    }
    this.#enter(time.utcAt(hostSeconds), configuration, time);
  }

  /** Table 23 as it reads now; what it shows is durable on return. */
  image(configuration: Configuration): Uint8Array {
    this.#keep();
    return currentRegisters(this.#context, this.#state, configuration);
  }

  /** Table 25. */
  previousImage(configuration: Configuration): Uint8Array {
    return previousRegisters(this.#context, this.#state.previous, configuration);
  }

  /** Table 63 or 64; what it shows is durable on return. */
  profileImage(table: 63 | 64, configuration: Configuration): Uint8Array | undefined {
    const state = this.#state.profile;
    if (!this.#profile || !state) return undefined;
    const kept = this.#record.value.profile;
    const sameBlocks = kept?.sequence === state.sequence && kept.block?.intervals.length === state.block?.intervals.length && kept.unread === state.unread;
    if (!sameBlocks) this.#keep();
    return table === 63 ? this.#profile.status(state) : this.#profile.data(state, configuration);
  }

  /** Procedure 3: everything to zero, durable on return. */
  clear(hostSeconds: number): void {
    const { profile } = this.#state;
    if (profile) {
      clearProfile(profile);
      profile.totals.fill(0);
    }
    this.#state = { ...this.#blank(hostSeconds), ...(profile ? { profile } : {}) };
    this.#keep();
  }

  /** Procedure 9: keeps the registers as they are, adds the highest demands to the cumulative ones, and begins anew. Durable on return. */
  resetDemand(at: CivilSeconds, season: number): void {
    const state = this.#state;
    state.resets = (state.resets + 1) & 0xff;
    for (const demand of state.blocks.flatMap(({ demands }) => demands)) demand.cumulative += demand.watts;
    state.previous = { at, season, resets: state.resets, blocks: structuredClone(state.blocks) };
    for (const demand of state.blocks.flatMap(({ demands }) => demands)) Object.assign(demand, { watts: 0, at: null });
    this.#keep();
  }

  /** Notes what happened to the interval under way. As durable as that interval: not before it has ended. */
  markProfile(mark: (state: ProfileState) => void): void {
    if (this.#state.profile) mark(this.#state.profile);
  }

  /** Changes the load profile's state, durable on return. */
  changeProfile(change: (state: ProfileState) => void): void {
    if (!this.#state.profile) return;
    change(this.#state.profile);
    this.#keep();
  }

  #keep(): void {
    this.#record.write(structuredClone(this.#state));
  }

  #blank(hostSeconds: number): RegisterState {
    return { ...blankRegisters(this.#context, hostSeconds), ...(this.#profile ? { profile: this.#profile.blank() } : {}) };
  }

  #enter(utc: number, configuration: Configuration, { reading }: MeterTime): void {
    const { profile } = this.#state;
    if (!profile) return;
    const { sequence } = profile;
    this.#profile?.enter(profile, configuration, utc, reading);
    // A block that is finished went to its own record, in the place of the oldest: this one must know.
    if (profile.sequence !== sequence) this.#keep();
  }

  #measure(end: number, configuration: Configuration, clock: (hostSeconds: number) => CivilSeconds): void {
    const state = this.#state;
    const tou = timeOfUseAt(configuration.calendar, clock(state.to));
    const energy = (Math.max(0, activeWatts(this.#sample)) * (end - state.to)) / 3600;
    for (const block of [state.blocks[0], state.blocks[1 + tou.summationTier]]) {
      if (!block) continue;
      for (const [index, quantity] of configuration.summations.entries()) block.summations[index] = (block.summations[index] ?? 0) + energy * (quantity?.share ?? 0);
    }
    for (const [index, quantity] of configuration.demands.entries()) {
      const seconds = (quantity?.intervalMinutes ?? 0) * 60;
      if (seconds === 0) continue;
      const drawn = (state.intervals[index] ?? 0) + energy * (quantity?.share ?? 0);
      const ended = end % seconds === 0;
      state.intervals[index] = ended ? 0 : drawn;
      if (ended) keepHighest([state.blocks[0], state.blocks[1 + tou.demandTier]], index, (drawn * 3600) / seconds, clock(end));
    }
    if (state.profile) this.#profile?.draw(state.profile, configuration, energy);
  }
}

function activeWatts({ volts, amperes, degrees }: LineSample): number {
  let watts = 0;
  for (let phase = 0; phase < phases; phase++) watts += (volts[phase] ?? 0) * (amperes[phase] ?? 0) * Math.cos(((degrees[phase] ?? 0) * Math.PI) / 180);
  return watts;
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

function stepFor(demands: readonly (SelectedQuantity | undefined)[]): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return demands.reduce((step, quantity) => divisor(step, (quantity?.intervalMinutes ?? 0) * 60), longestStep);
}
