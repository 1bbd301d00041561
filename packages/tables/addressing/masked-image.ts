import { writeUnsigned } from "../codec/integer.ts";
import type { Layout } from "../layout/layout.ts";
import type { Shape } from "../layout/shape.ts";
import { unknownField } from "../table-complaints.ts";
import { TablesError } from "../tables-error.ts";

/** A table's octets, of which only the bits count that are 1 in the mask. Both have the length of the table. */
export interface MaskedImage {
  readonly table: number;
  readonly bytes: Uint8Array;
  readonly mask: Uint8Array;
}

/**
 * The bits that the fields at or under the paths occupy; `""` is every bit of the table. A bit field named as a whole covers its named bits
 * only: bits that no field names are nobody's to claim. Throws `unknown-field`.
 */
export function maskOf(layout: Layout, paths: readonly string[]): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(layout.size);
  for (const path of paths) {
    if (path === "") return mask.fill(0xff);
    const part = layout.part(path);
    if (!part) throw unknownField(layout, path);
    cover(part.shape, part.offset, layout.littleEndian, mask);
  }
  return mask;
}

function cover(shape: Shape, at: number, littleEndian: boolean, mask: Uint8Array): void {
  if (shape.kind === "scalar") {
    const { width, shift, bits } = shape.codec;
    if (bits === 8 * width) {
      mask.fill(0xff, at, at + width);
    } else {
      const own = new Uint8Array(width);
      writeUnsigned(own, 0, width, littleEndian, (2 ** bits - 1) * 2 ** shift);
      for (let i = 0; i < width; i++) mask[at + i]! |= own[i]!;
    }
  } else if (shape.kind === "record") {
    for (const member of shape.members) cover(member.shape, at + member.offset, littleEndian, mask);
  } else {
    for (let i = 0; i < shape.count; i++) cover(shape.element, at + i * shape.element.size, littleEndian, mask);
  }
}

/** `current` with the bits of `wanted` that count. Throws `mask-length` where the three are not equally long. */
export function merge(current: Uint8Array, wanted: MaskedImage): Uint8Array<ArrayBuffer> {
  sameLength(current, wanted);
  const merged = new Uint8Array(current.length);
  for (let i = 0; i < merged.length; i++) {
    const mask = wanted.mask[i]!;
    merged[i] = (current[i]! & ~mask) | (wanted.bytes[i]! & mask);
  }
  return merged;
}

export function sameLength(current: Uint8Array, wanted: MaskedImage): void {
  if (current.length === wanted.bytes.length && current.length === wanted.mask.length) return;
  throw new TablesError(
    "peer-data",
    "mask-length",
    `Table ${wanted.table}: the meter has ${current.length} octets, the image ${wanted.bytes.length}, its mask ${wanted.mask.length}; they must be equal.`,
    { table: wanted.table, expected: wanted.bytes.length, actual: current.length },
  );
}
