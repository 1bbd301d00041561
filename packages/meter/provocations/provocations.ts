import type { EpochMillis } from "@metersmith/base/clock";
import type { TableId } from "@metersmith/tables";
import type { Provocation, ProvocationKind, ProvocationOf } from "./provocation.ts";

/** What is provoked in one meter now: at most one of each kind. Nothing at first: a meter in which anything is provoked is not a meter that behaves. */
export class Provocations {
  readonly #active = new Map<ProvocationKind, Provocation>();
  /** How far the oscillator has run ahead until `#driftsSince`, milliseconds. */
  #ahead = 0;
  #driftsSince: EpochMillis = 0;

  /** From `now` on; one of the same kind before is replaced. */
  provoke(provocation: Provocation, now: EpochMillis): void {
    this.#keepDrift(now);
    this.#active.set(provocation.kind, provocation);
  }

  /** It is over. What it has done (a clock that ran ahead) is not undone. */
  relieve(kind: ProvocationKind, now: EpochMillis): void {
    this.#keepDrift(now);
    this.#active.delete(kind);
  }

  get<Kind extends ProvocationKind>(kind: Kind): ProvocationOf<Kind> | undefined {
    return this.#active.get(kind) as ProvocationOf<Kind> | undefined;
  }

  /** How far the meter's oscillator is ahead of the world, milliseconds. */
  ahead(now: EpochMillis): number {
    return this.#ahead + ((now - this.#driftsSince) * (this.get("oscillator-drift")?.partsPerMillion ?? 0)) / 1e6;
  }

  /** A table as it reads with the bits that are stuck. */
  asRead(table: TableId, image: Uint8Array): Uint8Array {
    const stuck = this.get("register-bits-stuck");
    if (!stuck || table !== 23 || stuck.offset >= image.length) return image;
    const bytes = image.slice();
    bytes[stuck.offset] = ((bytes[stuck.offset] ?? 0) & ~stuck.mask) | (stuck.value & stuck.mask);
    return bytes;
  }

  #keepDrift(now: EpochMillis): void {
    this.#ahead = this.ahead(now);
    this.#driftsSince = now;
  }
}
