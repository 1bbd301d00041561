import type { FieldValue } from "../field-value.ts";
import type { Layout } from "./layout.ts";

/** Octets of an open-ended table whose tree has fewer octets in the last field than the meter has room for; undefined where it has as many, or no octets. */
export function roomIn({ shape, size }: Layout, value: FieldValue): number | undefined {
  const last = shape.members.at(-1);
  if (last?.shape.kind !== "scalar" || last.shape.codec.kind !== "binary" || typeof value !== "object" || Array.isArray(value)) return undefined;
  const digits = (value as { readonly [field: string]: FieldValue } | null)?.[last.name];
  if (typeof digits !== "string" || digits.length % 2 === 1) return undefined;
  const room = last.offset + digits.length / 2;
  return room < size ? room : undefined;
}
