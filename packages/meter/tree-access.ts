import type { FieldValue } from "@metersmith/tables";

/** A member of a decoded record, or undefined where the record has none or the value is no record. */
export function member(value: FieldValue | undefined, field: string): FieldValue | undefined {
  return typeof value === "object" && !Array.isArray(value) && Object.hasOwn(value, field)
    ? (value as { readonly [field: string]: FieldValue })[field]
    : undefined;
}

/** A number of a decoded tree; flags count as 0 and 1, what is absent or no number as 0. */
export function numberIn(value: FieldValue | undefined, ...fields: readonly string[]): number {
  let at = value;
  for (const field of fields) at = member(at, field);
  if (typeof at === "number" || typeof at === "bigint" || typeof at === "boolean") return Number(at);
  return 0;
}

/** An array of a decoded tree, empty where absent. */
export function listIn(value: FieldValue | undefined, ...fields: readonly string[]): readonly FieldValue[] {
  let at = value;
  for (const field of fields) at = member(at, field);
  return Array.isArray(at) ? (at as readonly FieldValue[]) : [];
}

/** A text of a decoded tree, empty where absent. */
export function textIn(value: FieldValue | undefined, ...fields: readonly string[]): string {
  let at = value;
  for (const field of fields) at = member(at, field);
  return typeof at === "string" ? at : "";
}
