import type { Line, LineSample } from "../line/line.ts";
import type { ProvocationOf } from "../provocations/provocation.ts";
import type { Provocations } from "../provocations/provocations.ts";

type FaultCurrent = ProvocationOf<"fault-current">;

/** From `at` on the switch stands so. */
interface Position {
  readonly at: number;
  readonly closed: boolean;
  /** Of an open one: until then the recloser that had interrupted the fault is open too. */
  readonly deadUntil: number;
}

/**
 * The line as a meter with a service switch has it: no current while the switch is open, the voltage is that before it. A fault that is provoked stays until it is relieved, and
 * the recloser upstream goes through its shots as long as the switch lets current into it. SIMULATED: rms, from instant to instant. Asked of the past it answers as it was, so
 * that measuring may come after.
 */
export class SwitchedLine implements Line {
  readonly kind: Line["kind"];
  readonly #supply: Line;
  readonly #provocations: Provocations;
  #positions: readonly Position[];

  constructor(supply: Line, provocations: Provocations, closed: boolean, at: number) {
    this.kind = supply.kind;
    this.#supply = supply;
    this.#provocations = provocations;
    this.#positions = [{ at, closed, deadUntil: at }];
  }

  sample(from: number, until: number, into: LineSample): number {
    const { position, next } = this.#at(from);
    const end = Math.min(this.#supply.sample(from, until, into), next);
    const fault = this.#provocations.get("fault-current");
    if (!position.closed) {
      into.amperes.fill(0);
      if (!fault || from >= position.deadUntil) return end;
      into.volts.fill(0);
      return Math.min(end, position.deadUntil);
    }
    if (!fault) return end;
    const stage = stageOf(fault, position.at, from);
    if (stage.kind !== "none") {
      for (let phase = 0; phase < into.volts.length; phase++) {
        if (into.volts[phase] === 0) continue;
        into.volts[phase] = stage.kind === "fault" ? fault.volts : 0;
        into.amperes[phase] = stage.kind === "fault" ? fault.amperes : 0;
      }
    }
    return Math.min(end, stage.until);
  }

  /** The contacts have moved. */
  switched(at: number, closed: boolean): void {
    const { position } = this.#at(at);
    const fault = this.#provocations.get("fault-current");
    const stage = fault && position.closed ? stageOf(fault, position.at, at) : undefined;
    this.#positions = [...this.#positions, { at, closed, deadUntil: !closed && stage?.kind === "dead" ? stage.until : at }];
  }

  /** Nobody asks of times before `at` any more. */
  forget(at: number): void {
    if (this.#positions.length > 1) this.#positions = this.#positions.filter((_, index) => (this.#positions[index + 1]?.at ?? Infinity) > at);
  }

  #at(seconds: number): { readonly position: Position; readonly next: number } {
    const positions = this.#positions;
    let index = positions.length - 1;
    while (index > 0 && (positions[index]?.at ?? 0) > seconds) index -= 1;
    return { position: positions[index] ?? { at: seconds, closed: true, deadUntil: seconds }, next: positions[index + 1]?.at ?? Infinity };
  }
}

/** What a fault and the recloser are at, and until when: from its beginning, or from when the switch closed onto it. */
function stageOf({ from, recloser }: FaultCurrent, closedSince: number, at: number): { readonly kind: "none" | "fault" | "dead"; readonly until: number } {
  let end = Math.max(from, closedSince);
  if (at < end) return { kind: "none", until: end };
  for (const { tripsAfter, opensFor } of recloser) {
    end += tripsAfter;
    if (at < end) return { kind: "fault", until: end };
    end += opensFor;
    if (at < end) return { kind: "dead", until: end };
  }
  return { kind: recloser.length === 0 ? "fault" : "dead", until: Infinity };
}
