import type { FieldValue, Layout } from "@metersmith/tables";
import { NicError } from "../nic-error.ts";

type Shape = Layout["shape"] | NonNullable<ReturnType<Layout["part"]>>["shape"];

/** Throws `not-whole`, naming the first missing part: what replaces a part has to say all of it, for what is left out would become 0. */
export function mustBeWhole(table: number, shape: Shape, value: FieldValue, path = ""): void {
  if (shape.kind === "array") {
    const elements = value as readonly FieldValue[];
    if (elements.length !== shape.count) throw missing(table, `${path || "the table"} has ${shape.count} elements, ${elements.length} are given`, path);
    elements.forEach((element, index) => mustBeWhole(table, shape.element, element, `${path}[${index}]`));
  } else if (shape.kind === "record") {
    const record = value as { readonly [field: string]: FieldValue };
    for (const { name, shape: inner } of shape.members) {
      const place = path === "" ? name : `${path}.${name}`;
      const member = Object.hasOwn(record, name) ? record[name] : undefined;
      if (member === undefined) throw missing(table, `${place} is not given`, place);
      mustBeWhole(table, inner, member, place);
    }
  }
}

function missing(table: number, what: string, field: string): NicError {
  return new NicError("not-whole", `Table ${table}: ${what}. What is put must be whole; PATCH changes parts.`, { table, field });
}
