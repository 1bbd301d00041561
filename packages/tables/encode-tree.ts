import { Unwritable } from "./codec/codec.ts";
import type { FieldValue } from "./field-value.ts";
import type { Layout } from "./layout/layout.ts";
import { pathOf, type PathStep } from "./layout/path.ts";
import type { ScalarShape, Shape } from "./layout/shape.ts";
import { badValue, tableNumber } from "./table-complaints.ts";
import { TablesError } from "./tables-error.ts";

/**
 * A whole table from a tree. What the tree leaves out is zero, text is blank. Throws `unknown-field` for a name that this meter's
 * table does not have, `bad-value` for what a field cannot hold, both with the path.
 */
export function encodeTree(layout: Layout, value: FieldValue): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(layout.size);
  for (const [offset, width] of textFields(layout)) octets.fill(0x20, offset, offset + width);
  write(layout, layout.shape, octets, 0, value, []);
  return octets;
}

function textFields(layout: Layout): [offset: number, width: number][] {
  const found: [number, number][] = [];
  const visit = (shape: Shape, at: number): void => {
    if (shape.kind === "scalar") {
      if (shape.codec.kind === "char") found.push([at, shape.codec.width]);
    } else if (shape.kind === "record") {
      for (const member of shape.members) visit(member.shape, at + member.offset);
    } else if (hasText(shape.element)) {
      for (let i = 0; i < shape.count; i++) visit(shape.element, at + i * shape.element.size);
    }
  };
  visit(layout.shape, 0);
  return found;
}

function hasText(shape: Shape): boolean {
  if (shape.kind === "scalar") return shape.codec.kind === "char";
  return shape.kind === "array" ? hasText(shape.element) : shape.members.some((member) => hasText(member.shape));
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
    const member = shape.byName.get(name);
    steps.push(name);
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
    shape.codec.write(octets, at, value);
  } catch (error) {
    if (error instanceof Unwritable) throw badValue(layout, pathOf(steps), at, error.expected, value);
    throw error;
  }
}
