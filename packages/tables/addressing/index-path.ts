import { pathOf, type PathStep } from "../layout/path.ts";
import type { Layout, Part } from "../layout/layout.ts";
import type { MemberShape, Shape } from "../layout/shape.ts";
import { tableNumber, unknownField } from "../table-complaints.ts";
import { TablesError } from "../tables-error.ts";

/**
 * Index lists of C12.18 partial reads and writes (services 31-39, 41-49): one number a level, one to nine levels.
 *
 * Unverified, all of it recalled from the standard: members of a record are numbered from 0 in the order of the definition; members that a condition
 * leaves out count too; elements of an array are numbered from 0; a bit field has one number and is read and written as a whole; the
 * element-count counts neighbours on the level of the last index. What is written here never rests on how missing members count within one
 * element-count: runs end before a gap (table-writes.ts).
 */
export const mostIndices = 9;

/** A member of a record or an element of an array, as index access numbers it. */
export interface IndexedChild {
  readonly index: number;
  /** Octets from the start of its parent. */
  readonly offset: number;
  readonly shape: Shape;
  readonly step: PathStep;
}

/** The part at that number; undefined where the part has none of it. */
export function childAt(shape: Shape, index: number): IndexedChild | undefined {
  if (shape.kind === "array") return index < shape.count ? { index, offset: index * shape.element.size, shape: shape.element, step: index } : undefined;
  const member = shape.kind === "record" && !shape.isBitField ? shape.members.find(({ position }) => position === index) : undefined;
  return member && { index, offset: member.offset, shape: member.shape, step: member.name };
}

/** The index list of a path; of a sub-field, that of its bit field. Throws `unknown-field`, and `not-addressable` beyond nine levels and for the whole table. */
export function indicesOf(layout: Layout, path: string): readonly number[] {
  const steps = layout.steps(path);
  if (!steps) throw unknownField(layout, path);
  const indices: number[] = [];
  let shape: Shape = layout.shape;
  for (const step of steps) {
    if (shape.kind === "record" && shape.isBitField) break;
    if (typeof step === "number") {
      if (shape.kind !== "array") throw unknownField(layout, path);
      indices.push(step);
      shape = shape.element;
    } else {
      const member: MemberShape | undefined = shape.kind === "record" ? shape.byName.get(step) : undefined;
      if (!member) throw unknownField(layout, path);
      indices.push(member.position);
      shape = member.shape;
    }
  }
  if (indices.length > 0 && indices.length <= mostIndices && indices.every((index) => index <= 0xffff)) return indices;
  const reason = indices.length === 0 ? "the whole table has no index list" : `an index list has at most ${mostIndices} numbers of 16 bits`;
  throw new TablesError("misuse", "not-addressable", `Table ${tableNumber(layout.table)} (${layout.name}), ${path || "the table"}: ${reason}.`, { table: layout.table, field: path });
}

/** The path of an index list; undefined where this meter's table has no such part. */
export function pathOfIndices(layout: Layout, indices: readonly number[]): string | undefined {
  const found = descend(layout, indices);
  return found && pathOf(found.steps);
}

/** The octets that a partial read of `elements` neighbours gives; undefined where there are not so many. */
export function octetsOfIndices(layout: Layout, indices: readonly number[], elements = 1): { readonly offset: number; readonly octets: number } | undefined {
  const parent = descend(layout, indices.slice(0, -1));
  const first = indices.at(-1);
  if (!parent || first === undefined || elements < 1) return undefined;
  const start = childAt(parent.part.shape, first);
  const end = childAt(parent.part.shape, first + elements - 1);
  if (!start || !end) return undefined;
  return { offset: parent.part.offset + start.offset, octets: end.offset + end.shape.size - start.offset };
}

function descend(layout: Layout, indices: readonly number[]): { readonly part: Part; readonly steps: readonly PathStep[] } | undefined {
  if (indices.length > mostIndices) return undefined;
  let part: Part = { shape: layout.shape, offset: 0, firstLeaf: 0 };
  const steps: PathStep[] = [];
  for (const index of indices) {
    const child = childAt(part.shape, index);
    if (!child) return undefined;
    part = { shape: child.shape, offset: part.offset + child.offset, firstLeaf: 0 };
    steps.push(child.step);
  }
  return { part, steps };
}
