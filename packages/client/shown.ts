import type { FieldValue } from "@metersmith/tables";

/** A value as a message shows it, at most 60 characters. */
export function shown(value: FieldValue | null): string {
  const text = typeof value === "string" ? `"${value}"` : typeof value === "object" ? JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? String(item) : item)) : String(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}
