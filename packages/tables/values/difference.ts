import type { DecodedTable } from "../decoded-table.ts";
import type { FieldValue } from "../field-value.ts";
import { pathOf, type PathStep } from "../layout/path.ts";
import { readShape } from "../layout/read-shape.ts";
import type { Shape } from "../layout/shape.ts";
import { tableNumber } from "../table-complaints.ts";
import { TablesError } from "../tables-error.ts";
import { unnamedIn, unnamedKey } from "../unnamed-bits.ts";

/** One field in which two tables differ. `before` is missing where only the second has the field, `after` where only the first has. */
export interface ValueDifference {
  readonly path: string;
  readonly before?: FieldValue;
  readonly after?: FieldValue;
}

/**
 * Fields in which two decoded tables of one number differ, in the order of the table. The two may have other dimensions, formats or
 * data orders: values are compared, not octets. Where a field is one thing here and another there, the whole is given. Throws `unknown-table` for two
 * tables of different numbers.
 */
export function valueDifferences(before: DecodedTable, after: DecodedTable): ValueDifference[] {
  if (before.table !== after.table) {
    throw new TablesError(
      "misuse", "unknown-table",
      `Table ${tableNumber(before.table)} (${before.layout.name}) cannot be compared with table ${tableNumber(after.table)} (${after.layout.name}).`,
      { table: after.table, expected: before.table, actual: after.table },
    );
  }
  const found: ValueDifference[] = [];
  compare({ shape: before.layout.shape, at: 0, bytes: before.bytes }, { shape: after.layout.shape, at: 0, bytes: after.bytes }, [], found);
  return found;
}

/** A part of a table: a shape at an octet. */
interface Side {
  readonly shape: Shape;
  readonly at: number;
  readonly bytes: Uint8Array;
}

function compare(before: Side | undefined, after: Side | undefined, steps: PathStep[], found: ValueDifference[]): void {
  const parts = partsOf(before, after);
  if (!parts) {
    const [was, is] = [before && valueOf(before), after && valueOf(after)];
    if (was === undefined || is === undefined || !sameValue(was, is)) {
      found.push({ path: pathOf(steps), ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) });
    }
    return;
  }
  for (const [step, inBefore, inAfter] of parts) {
    steps.push(step);
    compare(inBefore, inAfter, steps, found);
    steps.pop();
  }
}

/** The fields of two records, or the elements of two arrays, side by side; undefined where the two are to be compared as a whole. */
function partsOf(before: Side | undefined, after: Side | undefined): [step: PathStep, before: Side | undefined, after: Side | undefined][] | undefined {
  if (!before || !after || before.shape.kind !== after.shape.kind || before.shape.kind === "scalar") return undefined;
  if (before.shape.kind === "array") {
    const count = Math.max(countOf(before), countOf(after));
    return Array.from({ length: count }, (_, index) => [index, element(before, index), element(after, index)]);
  }
  // In the order of the first table; what only the second has comes after the field that it follows there.
  const names = namesOf(before);
  let last = -1;
  for (const name of namesOf(after)) {
    const place = names.indexOf(name);
    if (place === -1) names.splice(++last, 0, name);
    else last = Math.max(last, place);
  }
  const parts: [PathStep, Side | undefined, Side | undefined][] = names.map((name) => [name, member(before, name), member(after, name)]);
  const [inBefore, inAfter] = [unnamedOf(before), unnamedOf(after)];
  return inBefore || inAfter ? [...parts, [unnamedKey, inBefore, inAfter]] : parts;
}

/** The bits of a bit field that no sub-field names, where any is set. */
function unnamedOf({ shape, at, bytes }: Side): Side | undefined {
  return shape.kind === "record" && shape.unnamed && unnamedIn(shape, bytes, at) !== undefined ? { shape: shape.unnamed, at, bytes } : undefined;
}

function countOf(side: Side): number {
  return side.shape.kind === "array" ? side.shape.count : 0;
}

function namesOf(side: Side): string[] {
  return side.shape.kind === "record" ? side.shape.members.map((inner) => inner.name) : [];
}

function element(side: Side, index: number): Side | undefined {
  if (side.shape.kind !== "array" || index >= side.shape.count) return undefined;
  return { shape: side.shape.element, at: side.at + index * side.shape.element.size, bytes: side.bytes };
}

function member(side: Side, name: string): Side | undefined {
  const inner = side.shape.kind === "record" ? side.shape.byName.get(name) : undefined;
  return inner && { shape: inner.shape, at: side.at + inner.offset, bytes: side.bytes };
}

function valueOf({ shape, at, bytes }: Side): FieldValue {
  return readShape(shape, bytes, at);
}

/** Of two fields, of which a SET alone has a list. 5 and 5n are one number, whatever the widths of the two. */
function sameValue(a: FieldValue, b: FieldValue): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((inner, at) => inner === b[at]);
  const [first, second] = [a, b].map((value) => (typeof value === "number" && Number.isInteger(value) ? BigInt(value) : value));
  return first === second;
}
