import { initialState, type ProtectionState } from "../device/protection-state.ts";
import type { ProtectionEffect, ProtectionInput } from "../device/protection-effect.ts";
import { protect } from "../device/protect.ts";
import type { Study } from "../study/study.ts";
import { add, magnitude, nothing, ohms, type Complex } from "./complex.ts";
import { loadAdmittance } from "./network.ts";
import type { FeederFault, FeederScenario, HomeOutcome } from "./scenario.ts";
import { cold, heated, untilOpen, type ThermalState } from "./thermal-device.ts";

/** A meter sees the line as it was over the last cycle of 60 Hz. */
const measuringSeconds = 1 / 60;

/** One home of the simulated feeder: service, meter with its switch, main breaker, load. */
export class SimulatedHome {
  readonly #study: Study;
  readonly #number: number;
  readonly #faults: readonly FeederFault[];
  readonly #breakerStuck: boolean;
  readonly #tell: (who: string, what: string) => void;
  #meter: ProtectionState;
  #wakeAt = Infinity;
  #pending: { at: number; input: ProtectionInput }[] = [];
  #breaker: ThermalState = cold;
  #aliveSince = -Infinity;
  #deadSince: number | null = null;
  #outcome = { interruptions: 0, longestSeconds: 0, partedAtAmperes: null as number | null, mostAmperes: 0 };
  #volts = 0;
  #amperes = 0;

  constructor(study: Study, scenario: FeederScenario, number: number, tell: (who: string, what: string) => void) {
    this.#study = study;
    this.#number = number;
    this.#faults = scenario.faults.filter(({ home }) => home === number);
    this.#breakerStuck = scenario.stuckBreakers?.includes(number) ?? false;
    this.#tell = tell;
    const { rating } = study.meter;
    // Installed long ago: booted, and at rest.
    const joules = scenario.emptyStores?.includes(number) ? 0 : rating.store.capacityJoules;
    const start = -rating.bootSeconds - 10;
    const line = { amperes: [study.home.amperes], volts: [study.transformer.secondaryVolts] };
    const booted = protect(study.meter, initialState(start, { joules }), { kind: "line", line }, start);
    const rested = protect(study.meter, booted.state, { kind: "time" }, -1e-3).state;
    this.#meter = { ...rested, hardware: { ...rested.hardware, joules } };
  }

  /** Behind the meter, as the line sees it: nothing while its switch is open. */
  behindMeter(now: number): Complex {
    if (!this.#meter.hardware.closed) return nothing;
    return add(this.#behindBreaker(now), this.#faultAdmittance("before-breaker", now));
  }

  /** On the line side of the meter. */
  beforeMeter(now: number): Complex {
    return this.#faultAdmittance("service", now);
  }

  /** The line changes to this now; the meter sees it a cycle later. */
  energized(volts: number, now: number): void {
    const amperes = volts * magnitude(this.behindMeter(now));
    const wasDead = this.#volts < this.#study.meter.rating.lostVolts;
    const dead = volts < this.#study.meter.rating.lostVolts;
    if (dead && !wasDead) this.#deadSince = now;
    if (!dead && wasDead) this.#restored(now);
    if (volts === this.#volts && amperes === this.#amperes) return;
    [this.#volts, this.#amperes] = [volts, amperes];
    this.#outcome.mostAmperes = Math.max(this.#outcome.mostAmperes, amperes);
    this.#pending.push({ at: now + measuringSeconds, input: { kind: "line", line: { amperes: [amperes], volts: [volts] } } });
  }

  next(now: number): number {
    const breaker = this.#breakerStuck ? Infinity : now + untilOpen(this.#study.breaker, this.#breaker, this.#breakerAmperes(now));
    const load = this.#study.home.coldLoad.map(({ seconds }) => this.#aliveSince + seconds).filter((at) => at > now);
    const faults = this.#faults.flatMap(({ from, to }) => [from, to ?? Infinity]).filter((at) => at > now);
    return Math.min(this.#wakeAt, breaker, ...this.#pending.map(({ at }) => at), ...load, ...faults);
  }

  /** Time passes at the currents as they are. */
  heat(from: number, to: number): void {
    if (this.#breakerStuck) return;
    const before = this.#breaker.open;
    this.#breaker = heated(this.#study.breaker, this.#study.breaker, this.#breaker, this.#breakerAmperes(from), to - from);
    if (this.#breaker.open && !before) this.#tell(this.#name("main breaker"), "opens");
  }

  /** What is due in the meter. */
  act(now: number): void {
    const due = this.#pending.filter(({ at }) => at <= now + 1e-9);
    this.#pending = this.#pending.filter((one) => !due.includes(one));
    for (const { input } of due) this.#send(input, now);
    if (this.#wakeAt <= now + 1e-9) this.#send({ kind: "time" }, now);
  }

  outcome(now: number): HomeOutcome {
    const { closed } = this.#meter.hardware;
    const dead = this.#deadSince !== null;
    const longestSeconds = Math.max(this.#outcome.longestSeconds, this.#deadSince === null ? 0 : now - this.#deadSince);
    return {
      ...this.#outcome, longestSeconds, interruptions: this.#outcome.interruptions + (dead ? 1 : 0),
      served: closed && !this.#breaker.open && !dead, meterClosed: closed, breakerOpen: this.#breaker.open, openedBy: closed ? null : this.#meter.kept.openedBy,
    };
  }

  #send(input: ProtectionInput, now: number): void {
    const { state, effects, wakeAt } = protect(this.#study.meter, this.#meter, input, now);
    this.#meter = state;
    this.#wakeAt = wakeAt;
    if (input.kind === "switch" && !input.closed) this.#outcome.partedAtAmperes = Math.max(this.#outcome.partedAtAmperes ?? 0, this.#amperes);
    for (const effect of effects) this.#obey(effect, now);
  }

  #obey(effect: ProtectionEffect, now: number): void {
    if (effect.kind === "move") this.#pending.push({ at: now + this.#study.meter.rating.operatingSeconds, input: { kind: "switch", closed: effect.to === "closed" } });
    if (effect.kind === "event") this.#tell(this.#name("meter"), effect.reason === undefined ? effect.name : `${effect.name}: ${effect.reason}`);
  }

  #restored(now: number): void {
    if (this.#deadSince === null) return;
    this.#aliveSince = now;
    this.#outcome.interruptions += 1;
    this.#outcome.longestSeconds = Math.max(this.#outcome.longestSeconds, now - this.#deadSince);
    this.#deadSince = null;
  }

  /** Load and the faults in the home. After each return of voltage the whole cold load comes, however short the outage was: stricter than a real one. */
  #behindBreaker(now: number): Complex {
    if (this.#breaker.open) return nothing;
    const { amperes, coldLoad } = this.#study.home;
    const since = now - this.#aliveSince;
    const multiple = Math.max(1, ...coldLoad.filter(({ seconds }) => since < seconds - 1e-9).map((pulse) => pulse.multiple));
    return add(loadAdmittance(amperes * multiple, this.#study.transformer.secondaryVolts), this.#faultAdmittance("behind-breaker", now));
  }

  #faultAdmittance(place: FeederFault["place"], now: number): Complex {
    const here = this.#faults.filter((fault) => fault.place === place && fault.from <= now + 1e-9 && now < (fault.to ?? Infinity) - 1e-9);
    return ohms(here.reduce((sum, fault) => sum + 1 / fault.ohms, 0));
  }

  #breakerAmperes(now: number): number {
    return this.#meter.hardware.closed ? this.#volts * magnitude(this.#behindBreaker(now)) : 0;
  }

  #name(what: string): string {
    return `home ${this.#number + 1}, ${what}`;
  }
}
