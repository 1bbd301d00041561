import { Unwritable } from "../codec/codec.ts";
import type { DecodedTable } from "../decoded-table.ts";
import type { FieldValue } from "../field-value.ts";
import type { Layout } from "../layout/layout.ts";
import type { ScalarShape, Shape } from "../layout/shape.ts";
import { badValue } from "../table-complaints.ts";
import { pathOf, type PathStep } from "../layout/path.ts";
import { unnamedKey } from "../unnamed-bits.ts";

/** JSON of a value: what travels between programs. */
export type JsonValue = number | boolean | string | readonly JsonValue[] | { readonly [field: string]: JsonValue };

/**
 * The tree of a table as canonical JSON: names and order are those of the table. Integers of 40 bits and more, and numbers in NI formats
 * that a double does not hold exactly, are strings of decimal digits; negative zero is `"-0"`. The rule is ours.
 */
export function jsonOf(table: DecodedTable): JsonValue {
  return jsonOfValue(table.tree());
}

/** The same of one value. */
export function jsonOfValue(value: FieldValue): JsonValue {
  if (typeof value === "bigint") return value.toString();
  if (Object.is(value, -0)) return "-0";
  if (Array.isArray(value)) return (value as readonly FieldValue[]).map(jsonOfValue);
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, jsonOfValue(inner)]));
}

/**
 * A value tree from untrusted JSON, by the layout of its table: strings of digits become numbers where the field is one. Fields may be
 * missing, as in `encode`. Throws `bad-value` with path and octet.
 */
export function valueFromJson(layout: Layout, json: unknown): FieldValue {
  return revive(layout, layout.shape, json, 0, []);
}

function revive(layout: Layout, shape: Shape, json: unknown, at: number, steps: PathStep[]): FieldValue {
  const wrong = (expected: string): Error => badValue(layout, pathOf(steps), at, expected, json);
  if (shape.kind === "scalar") {
    const value = scalarFrom(shape, json);
    if (value === undefined) throw wrong(typeof json === "number" ? `${expectedIn(shape)}, beyond 2^53 as a string of digits` : expectedIn(shape));
    return value;
  }
  if (shape.kind === "array") {
    if (!Array.isArray(json) || json.length > shape.count) throw wrong(`a list of at most ${shape.count}`);
    return json.map((element: unknown, index) => {
      steps.push(index);
      const value = revive(layout, shape.element, element, at + index * shape.element.size, steps);
      steps.pop();
      return value;
    });
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw wrong("an object of fields");
  const record: { [field: string]: FieldValue } = {};
  for (const [name, inner] of Object.entries(json)) {
    const member = shape.byName.get(name);
    const [part, offset] = member ? [member.shape, member.offset] : [name === unnamedKey ? shape.unnamed : undefined, 0];
    if (!part) throw badValue(layout, pathOf(steps), at, `one of ${shape.members.map((candidate) => candidate.name).join(", ").slice(0, 400) || "no fields"}`, name);
    steps.push(name);
    record[name] = revive(layout, part, inner, at + offset, steps);
    steps.pop();
  }
  return record;
}

const digits = /^-?\d{1,30}$/;

function scalarFrom({ codec }: ScalarShape, json: unknown): FieldValue | undefined {
  if (codec.kind === "set") return Array.isArray(json) && json.every((member) => typeof member === "number") ? json : undefined;
  if (typeof json === "string") {
    if (json === "-0" && codec.kind !== "char") return -0;
    return (codec.kind === "int" || codec.kind === "uint") && digits.test(json) ? BigInt(json) : json;
  }
  // Beyond 2^53 JSON text was rounded when it was parsed: which integer was meant is lost.
  if (typeof json === "number" && (codec.kind === "int" || codec.kind === "uint") && Number.isInteger(json) && !Number.isSafeInteger(json)) return undefined;
  return typeof json === "number" || typeof json === "boolean" ? json : undefined;
}

/** What the field's own codec would say to a value that it never takes. */
function expectedIn({ codec }: ScalarShape): string {
  try {
    codec.write(new Uint8Array(codec.width), 0, {});
  } catch (error) {
    if (error instanceof Unwritable) return error.expected;
    throw error;
  }
  return `a ${codec.kind} value`;
}
