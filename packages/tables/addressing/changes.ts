import { toHex } from "@metersmith/base/bytes";
import type { MeterContext } from "../context.ts";
import { writeUnsigned } from "../codec/integer.ts";
import type { FieldValue } from "../field-value.ts";
import type { Layout } from "../layout/layout.ts";
import type { ScalarShape, Shape } from "../layout/shape.ts";
import { pathOf, type PathStep } from "../layout/path.ts";
import { changedAt, differingOctets, sameLength, type MaskedImage } from "./masked-image.ts";

/** One field that a masked image would change in a meter. */
export interface BitChange {
  readonly table: number;
  /** The field; for bits that no field names, the octet: `octet 7, bits 11000000`. */
  readonly path: string;
  /** First octet of the field in the table. */
  readonly offset: number;
  readonly before: FieldValue;
  readonly after: FieldValue;
}

/** Differences under the mask, field by field in the order of the table; empty where every bit that counts is as wanted. */
export function changes(context: MeterContext, current: Uint8Array, wanted: MaskedImage): BitChange[] {
  sameLength(current, wanted);
  const differing = differingOctets(current, wanted);
  if (differing.length === 0) return [];
  const { layout } = context.decode(wanted.table, current);
  const after = changedAt(differing, current, wanted);
  const comparison: Comparison = { layout, current, after, differing, named: new Uint8Array(differing.length), found: [] };
  collect(comparison, layout.shape, 0, [], 0);
  unnamedBits(comparison);
  return comparison.found.sort((a, b) => a.offset - b.offset);
}

interface Comparison {
  readonly layout: Layout;
  readonly current: Uint8Array;
  readonly after: Uint8Array;
  /** Octets that differ, ascending, and which of the bits of each some field has. */
  readonly differing: readonly number[];
  readonly named: Uint8Array;
  readonly found: BitChange[];
}

/** The fields of a part of the table in which octets differ; those before number `first` of them lie before the part. */
function collect(comparison: Comparison, shape: Shape, at: number, steps: PathStep[], first: number): void {
  const { differing } = comparison;
  let next = first;
  while (next < differing.length && differing[next]! < at) next++;
  const differs = (): boolean => next < differing.length && differing[next]! < at + shape.size;
  if (!differs()) return;
  if (shape.kind === "scalar") {
    collectField(comparison, shape, at, steps, next);
  } else if (shape.kind === "record") {
    for (const member of shape.members) {
      steps.push(member.name);
      collect(comparison, member.shape, at + member.offset, steps, next);
      steps.pop();
    }
  } else {
    const { size } = shape.element;
    while (differs()) {
      const element = Math.floor((differing[next]! - at) / size);
      steps.push(element);
      collect(comparison, shape.element, at + element * size, steps, next);
      steps.pop();
      while (next < differing.length && differing[next]! < at + (element + 1) * size) next++;
    }
  }
}

function collectField({ layout, current, after, differing, named, found }: Comparison, { codec }: ScalarShape, at: number, steps: readonly PathStep[], first: number): void {
  const own = new Uint8Array(codec.width).fill(0xff);
  if (codec.bits < 8 * codec.width) writeUnsigned(own, 0, codec.width, layout.littleEndian, (2 ** codec.bits - 1) * 2 ** codec.shift);
  let differs = false;
  for (let next = first; next < differing.length && differing[next]! < at + codec.width; next++) {
    const octet = differing[next]!;
    const bits = own[octet - at]!;
    named[next]! |= bits;
    differs ||= ((current[octet]! ^ after[octet]!) & bits) !== 0;
  }
  if (differs) found.push({ table: layout.table, path: pathOf(steps), offset: at, before: codec.read(current, at), after: codec.read(after, at) });
}

function unnamedBits({ layout, current, after, differing, named, found }: Comparison): void {
  differing.forEach((octet, index) => {
    const rest = (current[octet]! ^ after[octet]!) & ~named[index]!;
    if (rest === 0) return;
    found.push({
      table: layout.table,
      path: `octet ${octet}, bits ${rest.toString(2).padStart(8, "0")}`,
      offset: octet,
      before: toHex(current.subarray(octet, octet + 1)),
      after: toHex(Uint8Array.of(current[octet]! ^ rest)),
    });
  });
}
