import { writeUnsigned } from "../codec/integer.ts";
import { pathOf, type PathStep } from "../layout/path.ts";
import type { Layout } from "../layout/layout.ts";
import type { Shape } from "../layout/shape.ts";
import { unknownField } from "../table-complaints.ts";

/** Where a field, a record or an array lies in its table. */
export interface FieldAddress {
  readonly table: number;
  readonly path: string;
  /** First octet, and octets. */
  readonly offset: number;
  readonly octets: number;
  /** For sub-fields of a bit field: least significant bit and number of bits in the unsigned integer that the octets make in the meter's data order. */
  readonly firstBit: number;
  readonly bits: number;
}

/** The place of a path. Throws `unknown-field`. */
export function addressOf(layout: Layout, path: string): FieldAddress {
  const part = layout.part(path);
  if (!part) throw unknownField(layout, path);
  return addressIn(layout, path, part.shape, part.offset);
}

/** The fields that lie in those octets, wholly or in part, in the order of the table. */
export function fieldsAt(layout: Layout, offset: number, octets = 1): readonly FieldAddress[] {
  const found: FieldAddress[] = [];
  visit(layout.shape, 0, []);
  return found;

  function visit(shape: Shape, at: number, steps: readonly PathStep[]): void {
    if (shape.size === 0 || at >= offset + octets || at + shape.size <= offset) return;
    if (shape.kind === "scalar") {
      found.push(addressIn(layout, pathOf(steps), shape, at));
    } else if (shape.kind === "record") {
      for (const member of shape.members) visit(member.shape, at + member.offset, [...steps, member.name]);
    } else {
      const { size } = shape.element;
      const last = Math.min(shape.count - 1, Math.floor((offset + octets - 1 - at) / size));
      for (let i = Math.max(0, Math.floor((offset - at) / size)); i <= last; i++) visit(shape.element, at + i * size, [...steps, i]);
    }
  }
}

/** The field that has a bit of an octet of the table; bit 0 is the octet's least significant. Undefined where no field names the bit. */
export function fieldAtBit(layout: Layout, offset: number, bit: number): FieldAddress | undefined {
  return fieldsAt(layout, offset).find((field) => ((octetsMask(layout, field)[offset - field.offset] ?? 0) & (1 << bit)) !== 0);
}

function octetsMask({ littleEndian }: Layout, { octets, firstBit, bits }: FieldAddress): Uint8Array {
  const mask = new Uint8Array(octets).fill(0xff);
  if (bits < 8 * octets) writeUnsigned(mask, 0, octets, littleEndian, (2 ** bits - 1) * 2 ** firstBit);
  return mask;
}

function addressIn({ table }: Layout, path: string, shape: Shape, offset: number): FieldAddress {
  const { shift, bits } = shape.kind === "scalar" ? shape.codec : { shift: 0, bits: 8 * shape.size };
  return { table, path, offset, octets: shape.size, firstBit: shift, bits };
}
