import type { LineState } from "../device/line-state.ts";
import type { ProtectionEffect, ProtectionInput } from "../device/protection-effect.ts";
import { initialState, type Kept, type Protection, type ProtectionState } from "../device/protection-state.ts";
import { protect } from "../device/protect.ts";
import { class200 } from "./class-200.ts";

/** One meter on a line that a test sets; its switch parts and closes after its operating time, and says so. */
export class ServiceUnderTest {
  readonly events: string[] = [];
  /** Largest current at which contacts parted. */
  partedAt = 0;
  answer: Extract<ProtectionEffect, { kind: "answer" }> | undefined;
  reducing = false;
  state: ProtectionState;
  stuck = false;
  now: number;
  readonly protection: Protection;
  /** What was written as durable, and never anything else, survives `powerLost`. */
  written: Kept;
  #wakeAt = Infinity;
  #moves: { at: number; closed: boolean }[] = [];

  constructor(options: { protection?: Protection; start?: number; joules?: number; line?: LineState } = {}) {
    this.protection = options.protection ?? class200;
    this.now = options.start ?? 0;
    this.state = initialState(this.now, { joules: options.joules ?? this.protection.rating.store.capacityJoules });
    this.written = this.state.kept;
    this.line(options.line ?? { amperes: [20, 20], volts: [240] });
    this.pass(this.protection.rating.bootSeconds + 2);
    this.events.length = 0;
  }

  get closed(): boolean {
    return this.state.hardware.closed;
  }

  /** From now on; without current where the switch is open. */
  line(line: LineState): this {
    this.send({ kind: "line", line: this.closed ? line : { ...line, amperes: line.amperes.map(() => 0) } });
    return this;
  }

  pass(seconds: number): this {
    const end = this.now + seconds;
    for (;;) {
      const move = this.#moves[0];
      const next = Math.min(end, this.#wakeAt, move?.at ?? Infinity);
      this.now = Math.max(this.now, next);
      if (move && move.at <= next) {
        this.#moves.shift();
        if (!move.closed) this.partedAt = Math.max(this.partedAt, ...this.state.hardware.line.amperes);
        this.send({ kind: "switch", closed: move.closed });
        this.line(this.state.hardware.line);
      } else if (next < end) this.send({ kind: "time" });
      else {
        this.send({ kind: "time" });
        return this;
      }
    }
  }

  send(input: ProtectionInput): this {
    const { state, effects, wakeAt } = protect(this.protection, this.state, input, this.now);
    this.state = state;
    this.#wakeAt = wakeAt;
    for (const effect of effects) {
      if (effect.kind === "keep") this.written = state.kept;
      if (effect.kind === "event") this.events.push(effect.reason === undefined ? effect.name : `${effect.name}: ${effect.reason}`);
      if (effect.kind === "reduce") this.reducing = effect.on;
      if (effect.kind === "answer") this.answer = effect;
      if (effect.kind === "move" && !this.stuck) this.#moves.push({ at: this.now + this.protection.rating.operatingSeconds, closed: effect.to === "closed" });
    }
    return this;
  }
}
