import { toHex } from "@metersmith/base/bytes";
import type { MeterContext } from "../context.ts";
import type { FieldValue } from "../field-value.ts";
import type { Layout } from "../layout/layout.ts";
import type { Shape } from "../layout/shape.ts";
import { pathOf, type PathStep } from "../layout/path.ts";
import { maskOf, merge, sameLength, type MaskedImage } from "./masked-image.ts";

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
  const { bytes, mask } = wanted;
  let any = 0;
  for (let i = 0; i < current.length; i++) any |= (current[i]! ^ bytes[i]!) & mask[i]!;
  if (any === 0) return [];
  const difference = current.map((octet, i) => (octet ^ bytes[i]!) & mask[i]!);
  const { layout } = context.decode(wanted.table, current);
  const found: BitChange[] = [];
  collect({ layout, current, after: merge(current, wanted), difference, found }, layout.shape, 0, []);
  unnamedBits(layout, current, wanted, difference, found);
  return found.sort((a, b) => a.offset - b.offset);
}

interface Comparison {
  readonly layout: Layout;
  readonly current: Uint8Array;
  readonly after: Uint8Array;
  readonly difference: Uint8Array;
  readonly found: BitChange[];
}

function collect(comparison: Comparison, shape: Shape, at: number, steps: PathStep[]): void {
  const { current, after, difference, found, layout } = comparison;
  if (!anySet(difference, at, shape.size)) return;
  if (shape.kind === "scalar") {
    const { codec } = shape;
    if (codec.bits < 8 * codec.width && codec.number(current, at) === codec.number(after, at)) return;
    found.push({ table: layout.table, path: pathOf(steps), offset: at, before: codec.read(current, at), after: codec.read(after, at) });
  } else if (shape.kind === "record") {
    for (const member of shape.members) {
      steps.push(member.name);
      collect(comparison, member.shape, at + member.offset, steps);
      steps.pop();
    }
  } else {
    for (let i = 0; i < shape.count; i++) {
      steps.push(i);
      collect(comparison, shape.element, at + i * shape.element.size, steps);
      steps.pop();
    }
  }
}

function anySet(difference: Uint8Array, at: number, size: number): boolean {
  for (let i = at; i < at + size; i++) if (difference[i] !== 0) return true;
  return false;
}

function unnamedBits(layout: Layout, current: Uint8Array, wanted: MaskedImage, difference: Uint8Array, found: BitChange[]): void {
  const named = maskOf(layout, layout.shape.members.map((member) => member.name));
  for (let i = 0; i < difference.length; i++) {
    const rest = difference[i]! & ~named[i]!;
    if (rest === 0) continue;
    found.push({
      table: layout.table,
      path: `octet ${i}, bits ${rest.toString(2).padStart(8, "0")}`,
      offset: i,
      before: toHex(current.subarray(i, i + 1)),
      after: toHex(Uint8Array.of((current[i]! & ~rest) | (wanted.bytes[i]! & rest))),
    });
  }
}
