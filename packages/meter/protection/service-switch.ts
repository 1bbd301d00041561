import type { Clock } from "@metersmith/base/clock";
import { initialState, protect, type CloseRefusal, type LineState, type OpeningReason, type ProtectionEffect, type ProtectionInput, type ProtectionState } from "@metersmith/protection";
import type { TableId } from "@metersmith/tables";
import type { MeterEvent } from "../events/event-kind.ts";
import { LineSample, type Line } from "../line/line.ts";
import type { MeterMemory } from "../memory/meter-memory.ts";
import type { Provocations } from "../provocations/provocations.ts";
import type { ClockKeeper } from "../time/clock-keeper.ts";
import type { ClockReading } from "../time/meter-clock.ts";
import { loggedAs } from "./protection-events.ts";
import type { ProtectionStore, ReadSetting } from "./protection-store.ts";
import { protectionTable } from "./protection-tables.ts";
import { switchStatusImage } from "./status-table.ts";
import { SwitchRecord } from "./switch-record.ts";
import { SwitchedLine } from "./switched-line.ts";

/** What a switch of a healthy meter has, degrees Celsius (ours). */
const ordinaryCelsius = 25;

/** What the board lends to its switch. */
export interface SwitchParts {
  readonly store: ProtectionStore;
  /** The line before the switch. */
  readonly supply: Line;
  readonly provocations: Provocations;
  readonly memory: MeterMemory;
  /** Where the simulation notes the position of the latch, which is no memory of the board's. */
  readonly matter: MeterMemory;
  readonly stored: (table: TableId) => Uint8Array | undefined;
  readonly host: Clock;
  readonly clock: ClockKeeper;
  /** What the meter's clock shows at a time of its own, seconds of universal time. */
  readonly reading: (utc: number) => ClockReading;
  readonly log: (event: MeterEvent, utc: number, detail: number) => void;
}

/**
 * A meter's service switch and the protection that moves it: the line goes into the reducer of packages/protection, from change to change, and what that wants is done:
 * what is to be kept is durable before the switch moves. Measuring sees the line behind it.
 */
export class ServiceSwitch {
  /** The line as the meter's terminals have it: without current while the switch is open. */
  readonly line: SwitchedLine;
  readonly damaged: boolean;
  readonly #parts: SwitchParts;
  readonly #record: SwitchRecord;
  readonly #sample = new LineSample();
  #setting: ReadSetting;
  #state: ProtectionState;
  #wakeAt = Infinity;
  #moving: { readonly at: number; readonly closed: boolean } | undefined;
  /** Up to here the line was watched, seconds of the host. */
  #at: number;
  /** The board has just got power: what the line is was not said yet. */
  #told: LineState | undefined;

  /** Power has just come, and the store is empty. */
  constructor(parts: SwitchParts) {
    this.#parts = parts;
    const at = this.#now;
    this.#at = at;
    this.#record = new SwitchRecord(parts.memory, parts.matter);
    const { closed, kept, damaged } = this.#record;
    this.damaged = damaged;
    this.#setting = this.#read();
    this.#state = initialState(at, { closed, kept });
    this.line = new SwitchedLine(parts.supply, parts.provocations, closed, at);
  }

  /** Why PROTECTION_SETTING_TBL is refused. */
  get problem(): string | undefined {
    return this.#setting.problem;
  }

  /** As far as the line was watched. */
  get inspection(): { readonly closed: boolean; readonly openedBy: OpeningReason | null; readonly reducing: boolean; readonly problem: string | undefined } {
    const { hardware, kept, running } = this.#state;
    return { closed: hardware.closed, openedBy: kept.openedBy, reducing: running?.reducing ?? false, problem: this.problem };
  }

  /** Watches the line up to now. */
  watch(): void {
    const until = this.#now;
    while (this.#at < until) this.#step(until);
  }

  /** What the utility orders now. */
  order(order: "open" | "close" | "arm"): CloseRefusal | undefined {
    return this.#ask({ kind: "order", order });
  }

  /** The customer presses the button on the meter. */
  press(): CloseRefusal | undefined {
    return this.#ask({ kind: "button" });
  }

  /** SWITCH_STATUS_TBL as it reads now. */
  image(): Uint8Array {
    this.watch();
    this.#send({ kind: "time" });
    const { store, reading } = this.#parts;
    return switchStatusImage(store.context, this.#state, this.problem !== undefined, reading(this.#utcAt(this.#state.kept.openedAt)).seconds);
  }

  /** Tables were written. A new setting starts the protection anew, as power does; where the switch stands and what is kept stay. */
  written(tables: readonly TableId[]): void {
    if (!tables.includes(protectionTable.setting)) return;
    this.#setting = this.#read();
    this.#state = { ...this.#state, running: null };
    this.#told = undefined;
    this.#wakeAt = Infinity;
  }

  #read(): ReadSetting {
    return this.#parts.store.read(this.#parts.stored(protectionTable.setting) ?? new Uint8Array());
  }

  /** From the instant that was reached to the next at which anything changes. */
  #step(until: number): void {
    const lineUntil = this.#tell(until);
    const next = Math.min(until, lineUntil, this.#wakeAt, this.#moving?.at ?? Infinity);
    this.#at = Math.max(this.#at, next);
    const moved = this.#moving;
    if (moved && moved.at <= this.#at) this.#arrived(moved.closed);
    else if (this.#wakeAt <= this.#at) this.#send({ kind: "time" });
  }

  /** Says what the line is from here on, where it is another; answers until when it is. */
  #tell(until: number): number {
    const { provocations } = this.#parts;
    const sample = this.#sample;
    const end = this.line.sample(this.#at, until, sample);
    const celsius = provocations.get("switch-hot")?.celsius ?? ordinaryCelsius;
    const loadVolts = this.#state.hardware.closed ? (sample.volts[0] ?? 0) : (provocations.get("fed-from-behind")?.volts ?? 0);
    const told = this.#told;
    if (told && told.celsius === celsius && told.loadVolts === loadVolts && alike(told.amperes, sample.amperes) && alike(told.volts, sample.volts)) return end;
    const line = { amperes: [...sample.amperes], volts: [...sample.volts], loadVolts, celsius };
    this.#told = line;
    this.#send({ kind: "line", line });
    return end;
  }

  /** The contacts have moved, and their auxiliary contact says so. */
  #arrived(closed: boolean): void {
    this.#moving = undefined;
    this.line.switched(this.#at, closed);
    this.#send({ kind: "switch", closed });
  }

  #ask(input: ProtectionInput): CloseRefusal | undefined {
    this.watch();
    this.#tell(this.#at + 1);
    const answer = this.#send(input).find((effect) => effect.kind === "answer");
    // A board that is not up yet, or has no power, answers nobody.
    if (!answer) return "line-dead";
    return answer.accepted ? undefined : answer.why;
  }

  #send(input: ProtectionInput): readonly ProtectionEffect[] {
    const { state, effects, wakeAt } = protect(this.#setting.protection, this.#state, input, this.#at);
    this.#state = state;
    this.#wakeAt = wakeAt;
    let durable = true;
    for (const effect of effects) {
      if (effect.kind === "keep") durable = this.#record.keep(state.kept);
      if (effect.kind === "move" && durable) this.#move(effect.to === "closed");
      if (effect.kind === "event") this.#log(effect);
    }
    return effects;
  }

  /** The pulse to the coil. The latch ends its movement whatever becomes of the board, unless it is stuck. */
  #move(closed: boolean): void {
    if (this.#parts.provocations.get("switch-stuck")) return;
    this.#record.moved(closed);
    this.#moving = { at: this.#at + this.#setting.protection.rating.operatingSeconds, closed };
  }

  #log(effect: Extract<ProtectionEffect, { kind: "event" }>): void {
    const logged = loggedAs(effect);
    if (logged) this.#parts.log(logged.event, this.#utcAt(effect.at), logged.detail);
  }

  /** Seconds of the host, with their fraction. */
  get #now(): number {
    return this.#parts.host.now() / 1000;
  }

  #utcAt(hostSeconds: number): number {
    return this.#parts.clock.utcAt(hostSeconds * 1000);
  }
}

function alike(told: readonly number[], now: Float64Array): boolean {
  return told.every((value, index) => value === now[index]);
}
