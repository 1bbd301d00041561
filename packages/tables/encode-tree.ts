import { Unwritable } from "./codec/codec.ts";
import type { FieldValue } from "./field-value.ts";
import { allowedIn, isBounded, isWithin } from "./layout/bounds.ts";
import type { Layout } from "./layout/layout.ts";
import { pathOf, type PathStep } from "./layout/path.ts";
import type { ScalarShape, Shape } from "./layout/shape.ts";
import { badValue, tableNumber } from "./table-complaints.ts";
import { TablesError } from "./tables-error.ts";
import { unnamedKey } from "./unnamed-bits.ts";

/**
 * A whole table from a tree. What the tree leaves out has the default of its definition, or is zero or blank. Throws `unknown-field` for a name that this meter's
 * table does not have, `bad-value` for what a field cannot hold, both with the path.
 */
export function encodeTree(layout: Layout, value: FieldValue): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(layout.size);
  if (hasInitial(layout.shape)) fillInitial(layout.shape, octets, 0);
  write(layout, layout.shape, octets, 0, value, []);
  return octets;
}

/** Blank text, and the defaults of the definitions. */
function fillInitial(shape: Shape, octets: Uint8Array, at: number): void {
  if (shape.kind === "scalar") {
    if (shape.initial !== undefined) shape.codec.write(octets, at, shape.initial);
    else if (shape.codec.kind === "char") shape.codec.write(octets, at, "");
  } else if (shape.kind === "record") {
    for (const member of shape.members) fillInitial(member.shape, octets, at + member.offset);
  } else if (hasInitial(shape.element)) {
    for (let i = 0; i < shape.count; i++) fillInitial(shape.element, octets, at + i * shape.element.size);
  }
}

function hasInitial(shape: Shape): boolean {
  if (shape.kind === "scalar") return shape.initial !== undefined || shape.codec.kind === "char";
  return shape.kind === "array" ? shape.count > 0 && hasInitial(shape.element) : shape.members.some((member) => hasInitial(member.shape));
}

function write(layout: Layout, shape: Shape, octets: Uint8Array, at: number, value: FieldValue, steps: PathStep[]): void {
  if (shape.kind === "scalar") {
    writeScalar(layout, shape, octets, at, value, steps);
    return;
  }
  if (shape.kind === "array") {
    if (!Array.isArray(value)) throw badValue(layout, pathOf(steps), at, `a list of at most ${shape.count}`, value);
    if (value.length > shape.count) throw badValue(layout, pathOf(steps), at, `at most ${shape.count} elements`, `${value.length}`);
    for (let i = 0; i < value.length; i++) {
      steps.push(i);
      write(layout, shape.element, octets, at + i * shape.element.size, (value as readonly FieldValue[])[i] ?? "", steps);
      steps.pop();
    }
    return;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw badValue(layout, pathOf(steps), at, "an object of fields", value);
  for (const [name, inner] of Object.entries(value)) {
    steps.push(name);
    if (name === unnamedKey && shape.unnamed) {
      writeScalar(layout, shape.unnamed, octets, at, inner, steps);
      steps.pop();
      continue;
    }
    const member = shape.byName.get(name);
    if (!member) {
      const path = pathOf(steps).slice(0, 200);
      const known = shape.members.map((candidate) => candidate.name).join(", ");
      throw new TablesError(
        "input",
        "unknown-field",
        `Table ${tableNumber(layout.table)} (${layout.name}): there is no field ${path} in this meter; there are ${known.slice(0, 400) || "none"}.`,
        { table: layout.table, field: path },
      );
    }
    if (inner !== undefined) write(layout, member.shape, octets, at + member.offset, inner, steps);
    steps.pop();
  }
}

function writeScalar(layout: Layout, shape: ScalarShape, octets: Uint8Array, at: number, value: FieldValue, steps: readonly PathStep[]): void {
  try {
    const isNumber = typeof value === "number" || typeof value === "bigint";
    if (isNumber && isBounded(shape) && !isWithin(shape, value)) throw new Unwritable(allowedIn(shape));
    shape.codec.write(octets, at, value);
    // Octets given as they are, or digits: what counts is the number that they make there; those that make none are none that is allowed.
    if (!isNumber && isBounded(shape) && !isWithin(shape, finiteOrNone(shape.codec.number(octets, at)))) throw new Unwritable(allowedIn(shape));
  } catch (error) {
    if (error instanceof Unwritable) throw badValue(layout, pathOf(steps), at, error.expected, value);
    throw error;
  }
}

/** NaN, which lies within no bounds, where octets make no finite number. */
function finiteOrNone(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}
