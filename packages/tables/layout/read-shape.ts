import type { FieldValue } from "../field-value.ts";
import { unnamedIn, unnamedKey } from "../unnamed-bits.ts";
import type { Shape } from "./shape.ts";

/** The value of a part of a table; `at` is its first octet. The caller has checked that the octets are there. */
export function readShape(shape: Shape, bytes: Uint8Array, at: number): FieldValue {
  if (shape.kind === "scalar") return shape.codec.read(bytes, at);
  if (shape.kind === "array") {
    const elements: FieldValue[] = [];
    for (let i = 0; i < shape.count; i++) elements.push(readShape(shape.element, bytes, at + i * shape.element.size));
    return elements;
  }
  const record: { [field: string]: FieldValue } = {};
  for (const member of shape.members) record[member.name] = readShape(member.shape, bytes, at + member.offset);
  const unnamed = unnamedIn(shape, bytes, at);
  if (unnamed !== undefined) record[unnamedKey] = unnamed;
  return record;
}
