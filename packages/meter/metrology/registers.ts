import type { Configuration } from "../configuration/configuration.ts";
import type { FirmwareFault } from "../firmware/firmware-runner.ts";
import type { FirmwareSource } from "../firmware/firmware-source.ts";
import type { Line } from "../line/line.ts";
import type { MeterMemory } from "../memory/meter-memory.ts";
import { profileMark, ofProfile, type ProfileState } from "../profile/profile-state.ts";
import type { CivilSeconds } from "../time/civil-date.ts";
import type { ClockReading } from "../time/meter-clock.ts";
import { untilPlanChanges } from "../time/tier-calendar.ts";
import { tiersAt } from "../time/time-of-use.ts";
import { afterOutage, endWindows, restartWindows } from "./demand-windows.ts";
import { earlierKey, takeEarlierRecord } from "./earlier-record.ts";
import { FirmwareSeat } from "./firmware-seat.ts";
import { MeasuredState } from "./measured-state.ts";
import type { Metrology } from "./metrology.ts";
import { enterDay } from "./calendar-turns.ts";
import { resetDemand } from "./demand-reset.ts";
import { head } from "./register-layout.ts";
import { RegisterTables } from "./register-tables.ts";
import { selfRead } from "./self-reads.ts";
import { countStep } from "./step-counts.ts";

/** A step of measuring, seconds: shorter where the line, a demand interval, the load profile or the calendar asks for it. */
const longestStep = 900;
/** Time before that is not made up for: a bound, not a feature. Seconds. */
const longestArrears = 400 * 86_400;

/** The meter's own time for instants of its host. */
export interface MeterTime {
  /** Seconds of universal time by the meter's clock at whole seconds of the host. */
  readonly utcAt: (hostSeconds: number) => number;
  /** What the clock shows at such a time. */
  readonly reading: (utc: number) => ClockReading;
  /** Seconds from such a time until daylight saving next begins or ends. */
  readonly untilShift: (utc: number) => number;
}

/** What happens while measuring and is the board's to note. Times by the meter's clock, universal. */
export interface MeasuringEvents {
  readonly powerLost: (utc: number) => void;
  readonly powerBack: (utc: number) => void;
  /** Firmware that had run does not, or another fault than before. */
  readonly firmwareFailed: (fault: FirmwareFault) => void;
}

/**
 * What one meter measures: its line goes step by step through its firmware, and the counts into the registers of tables 23 to 26, divided by the calendar's tiers,
 * into demands and the load profile. Its time is the host's, so setting the clock makes no energy. One record holds all of it.
 */
export class Registers {
  readonly #metrology: Metrology;
  readonly #memory: MeterMemory;
  readonly #line: Line;
  readonly #seat: FirmwareSeat;
  readonly #state: MeasuredState;
  readonly #tables: RegisterTables;
  readonly #events: MeasuringEvents;
  readonly damaged: boolean;
  /** Something was measured since the last commit. */
  #changed = false;
  /** When the meter lost power and when it came up again, host seconds; undefined once that was seen to. */
  #outage: { readonly since: number; readonly until: number } | undefined;

  constructor(metrology: Metrology, memory: MeterMemory, line: Line, firmware: FirmwareSource, hostSeconds: number, events: MeasuringEvents) {
    this.#metrology = metrology;
    this.#memory = memory;
    this.#line = line;
    this.#events = events;
    this.#state = new MeasuredState(metrology.layout);
    this.#seat = new FirmwareSeat(metrology.bench, firmware, this.#state);
    this.#tables = new RegisterTables(metrology.context, metrology.shown, this.#state);
    const recalled = this.#state.recall(memory);
    const known = recalled === "recalled" || takeEarlierRecord(memory, this.#state);
    this.damaged = recalled === "damaged" || (!known && memory.read(earlierKey) !== undefined);
    // The meter was without power until now, so nothing was drawn through it.
    if (known) this.#outage = { since: Math.min(hostSeconds, this.#state.get(head.to)), until: hostSeconds };
    this.#state.set(head.to, hostSeconds);
    const { profile } = this.#state;
    if (profile && !Number.isNaN(profile.get(ofProfile.interval))) profileMark.powerFailed(profile);
  }

  /** The load profile's state, for its pointers and tables; undefined where the model has none. */
  get profile(): ProfileState | undefined {
    return this.#state.profile;
  }

  get selfReadsUnread(): number {
    return this.#state.get(head.selfReadsUnread);
  }

  /** The line has power, as far as it was measured. */
  get powered(): boolean {
    return Number.isNaN(this.#state.get(head.deadSince));
  }

  /** Version of the firmware that runs, and what is wrong with it. */
  get firmware(): FirmwareSeat {
    return this.#seat;
  }

  /** Measures up to `hostSeconds`. What of it ended an interval is durable on return, unless memory failed. */
  advance(hostSeconds: number, configuration: Configuration, time: MeterTime): void {
    const state = this.#state;
    if (this.#outage) afterOutage(state, this.#outage, configuration, time.utcAt);
    this.#outage = undefined;
    let due = false;
    state.set(head.to, Math.max(state.get(head.to), hostSeconds - longestArrears));
    while (state.get(head.to) < hostSeconds) {
      const { bench } = this.#metrology;
      bench.begin();
      let at = state.get(head.to);
      while (at < hostSeconds && !bench.full) at = bench.take(this.#line, at, Math.min(hostSeconds, at + this.#untilBoundary(at, configuration, time)));
      const fault = this.#seat.run();
      if (fault) this.#events.firmwareFailed(fault);
      for (let step = 0; step < bench.steps; step++) due = this.#distribute(step, configuration, time) || due;
      this.#changed = true;
    }
    if (this.powered) due = this.#enterProfile(time.utcAt(hostSeconds), configuration, time) || due;
    if (due) this.#kept();
  }

  /** Table 23 as it reads now; what it shows is durable on return. Undefined where memory did not take it. */
  image(configuration: Configuration): Uint8Array | undefined {
    return this.#kept() ? this.#tables.current(configuration) : undefined;
  }

  /** Table 24 or 25. */
  previousImage(table: 24 | 25, configuration: Configuration): Uint8Array | undefined {
    return this.#kept() ? this.#tables.previous(table, configuration) : undefined;
  }

  /** Table 26. */
  selfReadImage(configuration: Configuration): Uint8Array | undefined {
    return this.#kept() ? this.#tables.selfReads(configuration) : undefined;
  }

  /** Table 63 or 64; what it shows is durable on return. */
  profileImage(table: 63 | 64, configuration: Configuration): Uint8Array | undefined {
    const { profile } = this.#metrology;
    const state = this.#state.profile;
    if (!profile || !state || !this.#kept()) return undefined;
    return table === 63 ? profile.status(state) : profile.data(state, configuration, this.#memory);
  }

  /** Procedure 3: everything to zero, durable on return. Throws where memory does. */
  clear(hostSeconds: number): void {
    this.#state.clearRegisters();
    this.#state.set(head.to, hostSeconds);
    this.#state.profile?.clear();
    this.#state.profile?.clearTotals();
    this.#state.keep(this.#memory);
  }

  /** Whether a demand reset may be done again (RESET_EXCLUSION). */
  mayResetDemand(hostSeconds: number): boolean {
    return hostSeconds >= this.#state.get(head.resetLockedUntil);
  }

  /** Keeps the registers as they are, adds the highest demands to the cumulative ones, and begins anew. Durable on return; throws where memory does. */
  resetDemand(at: CivilSeconds, season: number, configuration: Configuration): void {
    resetDemand(this.#state, at, season, configuration);
    this.#state.keep(this.#memory);
  }

  /** The meter reads itself. Durable on return; throws where memory does. */
  selfRead(at: CivilSeconds, season: number): void {
    selfRead(this.#state, at, season);
    this.#state.keep(this.#memory);
  }

  /** The configuration is another: what it now says of season and day is where the meter starts from. As durable as the interval under way. */
  configurationChanged(): void {
    this.#state.set(head.season, Number.NaN);
    this.#state.set(head.day, Number.NaN);
    if (this.#state.profile) profileMark.configurationChanged(this.#state.profile);
  }

  /** The clock was moved: demand intervals begin anew, and no day has ended. As durable as the interval under way. */
  clockMoved(seconds: number): void {
    this.#state.set(head.day, Number.NaN);
    if (seconds === 0) return;
    restartWindows(this.#state);
    if (this.#state.profile) profileMark.clockMoved(this.#state.profile, seconds);
  }

  /** The oldest unread entries become read, durable on return; throws where memory does. */
  markRead(list: "profile" | "self-reads", count: number): void {
    const state = this.#state;
    if (list === "self-reads") {
      state.add(head.selfReadsUnread, -count);
      state.set(head.selfReadsOverflow, 0);
    } else if (state.profile) {
      state.profile.set(ofProfile.unread, state.profile.get(ofProfile.unread) - count);
      state.profile.set(ofProfile.overflow, 0);
    }
    state.keep(this.#memory);
  }

  /** The list is empty; its numbers go on (ours). Durable on return; throws where memory does. */
  clearList(list: "profile" | "self-reads"): void {
    if (list === "profile") this.#state.profile?.clear();
    else for (const place of [head.selfReads, head.selfReadsUnread, head.selfReadsOverflow]) this.#state.set(place, 0);
    this.#state.keep(this.#memory);
  }

  /** Whether what was measured is durable. */
  #kept(): boolean {
    if (!this.#changed) return true;
    try {
      this.#state.keep(this.#memory);
      this.#changed = false;
      return true;
    } catch {
      return false;
    }
  }

  /** Seconds from host second `at` until a step must end. */
  #untilBoundary(at: number, { demands, tiers }: Configuration, time: MeterTime): number {
    const utc = time.utcAt(at);
    const { seconds } = time.reading(utc);
    let until = Math.min(longestStep, untilPlanChanges(tiers.dayAt(seconds), seconds), time.untilShift(utc));
    for (const demand of demands) {
      const interval = (demand?.window?.minutes ?? 0) * 60;
      if (interval > 0) until = Math.min(until, interval - (utc % interval));
    }
    return Math.min(until, this.#metrology.profile?.untilNext(utc) ?? longestStep);
  }

  /** Puts a step's counts where they belong; answers whether an interval ended that is to be kept. */
  #distribute(step: number, configuration: Configuration, time: MeterTime): boolean {
    const { bench } = this.#metrology;
    const state = this.#state;
    const [from, to] = [bench.from(step), bench.to(step)];
    if (!this.#hasPower(bench.dead(step), from, configuration, time)) {
      state.set(head.to, to);
      return false;
    }
    const utc = time.utcAt(from);
    let due = this.#enterProfile(utc, configuration, time);
    const { seconds } = time.reading(utc);
    const plan = configuration.tiers.dayAt(seconds);
    due = enterDay(state, plan, seconds, configuration) || due;
    const { summationTier, demandTier } = tiersAt(plan, seconds);
    countStep(state, bench, step, configuration, summationTier);
    const end = time.utcAt(to);
    due = endWindows(state, configuration, end, to, demandTier, time.reading(end).seconds) || due;
    state.set(head.to, to);
    return due;
  }

  /** Notes that power went or came; answers whether there is any. */
  #hasPower(dead: boolean, from: number, configuration: Configuration, time: MeterTime): boolean {
    const since = this.#state.get(head.deadSince);
    if (dead) {
      if (Number.isNaN(since)) {
        this.#state.set(head.deadSince, from);
        this.#events.powerLost(time.utcAt(from));
        this.#kept();
      }
      return false;
    }
    if (Number.isNaN(since)) return true;
    this.#state.set(head.deadSince, Number.NaN);
    const { profile } = this.#state;
    if (profile && !Number.isNaN(profile.get(ofProfile.interval))) profileMark.powerFailed(profile);
    afterOutage(this.#state, { since, until: from }, configuration, time.utcAt);
    this.#events.powerBack(time.utcAt(from));
    return true;
  }

  #enterProfile(utc: number, configuration: Configuration, { reading }: MeterTime): boolean {
    const { profile } = this.#metrology;
    const state = this.#state.profile;
    if (!profile || !state) return false;
    return profile.enter(state, configuration, utc, reading, this.#memory, () => {
      // A block that is finished went to its own record, in the place of the oldest: this one must know.
      this.#changed = true;
      this.#kept();
    });
  }
}
