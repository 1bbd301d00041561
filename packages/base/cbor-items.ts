import { decodeDeterministicCbor } from "./cbor.ts";

/** How a package refuses octets in the words of its own error; `place` names the part. */
export interface CborRefusals {
  bad(place: string, what: string, cause?: unknown): Error;
  tooLarge(place: string, octets: number, most: number): Error;
}

/** Reads items of deterministic CBOR from whoever, strictly. What is not as asked for is thrown as the package's own error. */
export class CborItems {
  readonly #refuse: CborRefusals;

  constructor(refuse: CborRefusals) {
    this.#refuse = refuse;
  }

  /** Decodes one item of at most `limit` octets, nested no deeper than `deepest`. */
  read(bytes: Uint8Array, place: string, limit: number, deepest?: number): unknown {
    if (bytes.length > limit) throw this.#refuse.tooLarge(place, bytes.length, limit);
    try {
      return decodeDeterministicCbor(bytes, deepest);
    } catch (error) {
      throw this.#refuse.bad(place, error instanceof Error ? error.message : "not CBOR", error);
    }
  }

  array(value: unknown, place: string, length?: number): readonly unknown[] {
    if (!Array.isArray(value)) throw this.#refuse.bad(place, "expected an array");
    if (length !== undefined && value.length !== length) throw this.#refuse.bad(place, `expected ${length} elements, found ${value.length}`);
    return value;
  }

  octets(value: unknown, place: string, length?: number): Uint8Array {
    if (!(value instanceof Uint8Array)) throw this.#refuse.bad(place, "expected octets");
    if (length !== undefined && value.length !== length) throw this.#refuse.bad(place, `expected ${length} octets, found ${value.length}`);
    return value;
  }

  unsigned(value: unknown, place: string, least: number, most: number): number {
    if (typeof value !== "number" || !Number.isInteger(value)) throw this.#refuse.bad(place, "expected a whole number");
    if (value < least || value > most) throw this.#refuse.bad(place, `expected ${least} to ${most}, found ${value}`);
    return value;
  }

  text(value: unknown, place: string, form: RegExp): string {
    if (typeof value !== "string") throw this.#refuse.bad(place, "expected a text");
    if (!form.test(value)) throw this.#refuse.bad(place, `${JSON.stringify(value.slice(0, 40))} is not of the form ${form.source}`);
    return value;
  }

  /** A map whose keys are all among those named. */
  fields<Key extends number | string>(value: unknown, place: string, known: readonly Key[]): ReadonlyMap<Key, unknown> {
    if (!(value instanceof Map)) throw this.#refuse.bad(place, "expected a map");
    for (const key of value.keys()) {
      if (!known.includes(key as Key)) throw this.#refuse.bad(place, `field ${String(key).slice(0, 20)} is not known; what is not understood is not applied`);
    }
    return value as ReadonlyMap<Key, unknown>;
  }
}
