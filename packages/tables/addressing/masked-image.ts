import { writeUnsigned } from "../codec/integer.ts";
import type { Layout } from "../layout/layout.ts";
import type { Shape } from "../layout/shape.ts";
import type { Access } from "../tdl/model.ts";
import { unknownField } from "../table-complaints.ts";
import { TablesError } from "../tables-error.ts";

/** A table's octets, of which only the bits count that are 1 in the mask. Both have the length of the table. */
export interface MaskedImage {
  readonly table: number;
  readonly bytes: Uint8Array;
  readonly mask: Uint8Array;
}

/**
 * The bits that the fields at or under the paths occupy; `""` is every bit of the table. An index may be `*`, for all elements of
 * an array. A bit field named as a whole covers its named bits
 * only: bits that no field names are nobody's to claim. Throws `unknown-field`.
 */
export function maskOf(layout: Layout, paths: readonly string[]): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(layout.size);
  /** From this octet on the mask is still empty. */
  let covered = 0;
  for (const path of paths) {
    if (path === "") return mask.fill(0xff);
    const parts = layout.parts(path);
    if (!parts) throw unknownField(layout, path);
    for (const { shape, offset } of parts) {
      const own = new Uint8Array(shape.size);
      cover(shape, 0, layout.littleEndian, own);
      if (offset >= covered) mask.set(own, offset);
      else own.forEach((bits, i) => (mask[offset + i]! |= bits));
      covered = Math.max(covered, offset + shape.size);
    }
  }
  return mask;
}

/**
 * The bits that the definitions allow to be read, or to be written: those of fields that are not restricted to the other by their own access, by
 * that of a record or array around them, or by the table's. The meter's table 0 and its access rules may allow less.
 */
export function accessMask(layout: Layout, to: "read" | "write"): Uint8Array<ArrayBuffer> {
  const denied = new Uint8Array(layout.size);
  const allows = (access: Access | undefined): boolean => access === undefined || access === to || access === "read-write";
  const visit = (shape: Shape, at: number): void => {
    if (shape.kind === "array") {
      if (restricts(shape)) for (let i = 0; i < shape.count; i++) visit(shape.element, at + i * shape.element.size);
    } else if (shape.kind === "record") {
      for (const member of shape.members) {
        if (allows(member.access)) visit(member.shape, at + member.offset);
        else cover(member.shape, at + member.offset, layout.littleEndian, denied);
      }
    }
  };
  if (allows(layout.access)) visit(layout.shape, 0);
  else denied.fill(0xff);
  return denied.map((octet) => ~octet);
}

function restricts(shape: Shape): boolean {
  if (shape.kind === "array") return shape.count > 0 && restricts(shape.element);
  return shape.kind === "record" && shape.members.some((member) => member.access !== undefined || restricts(member.shape));
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
    if (shape.size === 0) return;
    // All elements of an array have one form: its bits are worked out once, and doubled.
    cover(shape.element, at, littleEndian, mask);
    const own = mask.subarray(at, at + shape.size);
    for (let done = shape.element.size; done < own.length; done *= 2) own.copyWithin(done, 0, done);
  }
}

/** `current` with the bits of `wanted` that count. Throws `mask-length` where the three are not equally long. */
export function merge(current: Uint8Array, wanted: MaskedImage): Uint8Array<ArrayBuffer> {
  sameLength(current, wanted);
  return changedAt(differingOctets(current, wanted), current, wanted);
}

/** `current` with the bits that count of the octets named. */
export function changedAt(octets: readonly number[], current: Uint8Array, { bytes, mask }: MaskedImage): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(current);
  for (const at of octets) changed[at]! ^= (current[at]! ^ bytes[at]!) & mask[at]!;
  return changed;
}

/** The octets that differ in a bit that counts, ascending. The three are equally long. */
export function differingOctets(current: Uint8Array, { bytes, mask }: MaskedImage): number[] {
  const [a, b, counting] = [viewOf(current), viewOf(bytes), viewOf(mask)];
  const found: number[] = [];
  const collect = (from: number, to: number): void => {
    for (let at = from; at < to; at++) if (((current[at]! ^ bytes[at]!) & mask[at]!) !== 0) found.push(at);
  };
  // Eight octets at a time: most images differ in few, and each access has its price.
  const whole = current.length - (current.length % 8);
  for (let at = 0; at < whole; at += 8) {
    const first = (a.getInt32(at) ^ b.getInt32(at)) & counting.getInt32(at);
    const second = (a.getInt32(at + 4) ^ b.getInt32(at + 4)) & counting.getInt32(at + 4);
    if ((first | second) !== 0) collect(at, at + 8);
  }
  collect(whole, current.length);
  return found;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
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
