import { toHex } from "@metersmith/base/bytes";
import { MeterContext } from "../context.ts";
import { standardDefinitions } from "../definitions/standard.generated.ts";
import type { FieldValue } from "../field-value.ts";
import { Interpreter } from "../oracle/interpreter.ts";

/** What a codec makes of octets, and of their value. */
export interface Meaning {
  readonly value: FieldValue;
  readonly octets: string;
}

/** The layout's codec and the interpreter side by side, for octets and values that were put together by hand. */
export class BothCodecs {
  readonly context: MeterContext;
  readonly slow: Interpreter;

  /** `images`: table 0 and the tables that give dimensions. */
  constructor(images: ReadonlyMap<number, Uint8Array>) {
    this.context = MeterContext.of(standardDefinitions, images);
    this.slow = new Interpreter(standardDefinitions, images);
  }

  /** The value that each reads in the octets, and the octets that each writes for the value. */
  of(table: number, image: Uint8Array, value: FieldValue): readonly [Meaning, Meaning] {
    return [
      { value: this.context.decode(table, image).tree(), octets: toHex(this.context.encode(table, value)) },
      { value: this.slow.decode(table, image), octets: toHex(this.slow.encode(table, value)) },
    ];
  }
}

/** Both read the value and write the octets. */
export function agreed(image: Uint8Array, value: FieldValue): readonly [Meaning, Meaning] {
  const meaning = { value, octets: toHex(image) };
  return [meaning, meaning];
}
