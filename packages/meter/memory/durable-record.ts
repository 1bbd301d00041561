import { decodeCbor, encodeCbor } from "@metersmith/base/cbor";
import type { MeterMemory } from "./meter-memory.ts";

/** One record of the meter's own state. A record that `parse` does not know is as absent, and says so by `damaged`. */
export interface DurableRecord<Value> {
  readonly value: Value;
  readonly damaged: boolean;
  write(value: Value): void;
}

export function durableRecord<Value>(memory: MeterMemory, key: string, initial: Value, parse: (stored: unknown) => Value | undefined): DurableRecord<Value> {
  const bytes = memory.read(key);
  const stored = bytes && parse(decodedOrNothing(bytes));
  let value = stored ?? initial;
  return {
    get value() {
      return value;
    },
    damaged: bytes !== undefined && stored === undefined,
    write(next) {
      memory.write(key, encodeCbor(next));
      value = next;
    },
  };
}

function decodedOrNothing(bytes: Uint8Array): unknown {
  try {
    return decodeCbor(bytes);
  } catch {
    return undefined;
  }
}
