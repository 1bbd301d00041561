import type { Refusal } from "@metersmith/psem";
import type { TableId } from "@metersmith/tables";

/**
 * Faults to provoke on purpose, in tests and demonstrations: a meter that has any is not a meter that behaves. None by default.
 */
export interface MeterFaults {
  /**
   * The connection breaks at the write after `afterWrites` have been answered: `before` it is stored, or `unanswered` when it
   * is stored and the answer is lost. Once.
   */
  readonly hangUp?: { readonly afterWrites: number; readonly when: "before" | "unanswered" };
  /** Bits that read back as `value`'s whatever was stored. */
  readonly stuckBits?: readonly { readonly table: TableId; readonly offset: number; readonly mask: number; readonly value: number }[];
  /** Writes to these tables are refused. */
  readonly refuseWrites?: ReadonlyMap<TableId, Refusal>;
}

/** The faults of one meter at work. */
export class FaultInjection {
  readonly #faults: MeterFaults;
  #writes = 0;

  constructor(faults: MeterFaults) {
    this.#faults = faults;
  }

  /** Call for each write that is about to be stored. */
  beforeWrite(): "hang-up-before" | "hang-up-unanswered" | "go-on" {
    const { hangUp } = this.#faults;
    const here = hangUp !== undefined && this.#writes === hangUp.afterWrites;
    this.#writes += 1;
    if (!here) return "go-on";
    return hangUp.when === "before" ? "hang-up-before" : "hang-up-unanswered";
  }

  refusal(table: TableId): Refusal | undefined {
    return this.#faults.refuseWrites?.get(table);
  }

  /** The image as it reads with its stuck bits. */
  asRead(table: TableId, image: Uint8Array): Uint8Array {
    const stuck = (this.#faults.stuckBits ?? []).filter((bits) => bits.table === table && bits.offset < image.length);
    if (stuck.length === 0) return image;
    const bytes = image.slice();
    for (const { offset, mask, value } of stuck) bytes[offset] = ((bytes[offset] ?? 0) & ~mask) | (value & mask);
    return bytes;
  }
}
