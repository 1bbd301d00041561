import { decodeCbor, encodeCbor } from "@metersmith/base/cbor";
import type { MeterMemory } from "./meter-memory.ts";
import { TwinRecord } from "./twin-record.ts";

/** A value in a twin record. What `parse` does not know is as absent. */
export class TwinValue<Value> {
  readonly #record: TwinRecord;
  #value: Value;
  /** It was there and could not be read, or not understood. */
  readonly damaged: boolean;

  constructor(memory: MeterMemory, key: string, initial: Value, parse: (stored: unknown) => Value | undefined) {
    this.#record = new TwinRecord(memory, key);
    const content = this.#record.read();
    const stored = content && parse(decodedOrNothing(content));
    this.damaged = this.#record.lost || (content !== undefined && stored === undefined);
    this.#value = stored ?? initial;
  }

  get value(): Value {
    return this.#value;
  }

  get torn(): boolean {
    return this.#record.torn;
  }

  /** Durable on return; where memory throws, the value stays what it was. */
  write(value: Value): void {
    this.#record.write(encodeCbor(value));
    this.#value = value;
  }
}

function decodedOrNothing(bytes: Uint8Array): unknown {
  try {
    return decodeCbor(bytes);
  } catch {
    return undefined;
  }
}

/** The stored object where its members are the numbers that `like` has, else undefined. */
export function numbersLike<Value extends { readonly [member: string]: number }>(like: Value): (stored: unknown) => Value | undefined {
  return (stored) => {
    if (typeof stored !== "object" || stored === null || Array.isArray(stored)) return undefined;
    const all = Object.keys(like).every((member) => Number.isFinite((stored as { readonly [member: string]: unknown })[member]));
    return all ? (stored as Value) : undefined;
  };
}
