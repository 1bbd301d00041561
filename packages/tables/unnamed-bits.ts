import type { Layout } from "./layout/layout.ts";
import { pathOf, type PathStep } from "./layout/path.ts";
import type { RecordShape, Shape } from "./layout/shape.ts";

/**
 * The entry of a bit field's value for the bits that no sub-field names, where any is set: `{ SWITCH_HOUR: 7, unnamed: 8 }`. The number has those bits where they stand
 * in the bit field's integer. Names of fields are capitals, so no field has this one.
 */
export const unnamedKey = "unnamed";

/** Undefined where none is set, or sub-fields name all. */
export function unnamedIn(shape: RecordShape, octets: Uint8Array, at: number): number | undefined {
  return shape.unnamed?.codec.number(octets, at) || undefined;
}

export interface UnnamedBits {
  /** The bit field. */
  readonly path: string;
  readonly offset: number;
  readonly octets: number;
  readonly value: number;
}

/** The set bits of a table that no field names, in the order of the table. */
export function unnamedBits({ shape }: Layout, octets: Uint8Array): readonly UnnamedBits[] {
  const found: UnnamedBits[] = [];
  collect(shape, 0, []);
  return found;

  function collect(part: Shape, at: number, steps: readonly PathStep[]): void {
    if (part.kind === "array") {
      for (let i = 0; i < part.count; i++) collect(part.element, at + i * part.element.size, [...steps, i]);
    } else if (part.kind === "record") {
      const value = unnamedIn(part, octets, at);
      if (value !== undefined) found.push({ path: pathOf(steps), offset: at, octets: part.size, value });
      if (!part.isBitField) for (const member of part.members) collect(member.shape, at + member.offset, [...steps, member.name]);
    }
  }
}
