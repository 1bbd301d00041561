import type { DecodedTable } from "../decoded-table.ts";
import type { FieldValue } from "../field-value.ts";
import type { Leaf } from "../layout/layout.ts";
import { withoutPad } from "../codec/text.ts";
import { tableNumber } from "../table-complaints.ts";
import { unnamedBits, unnamedKey } from "../unnamed-bits.ts";
import type { Definitions } from "../tdl/definitions.ts";

/**
 * A table for people: a heading, then a line for each field with its octet, its bits where it does not fill its octets, its path, its value, the
 * name that its enumeration gives the value, and its unit, in aligned columns; last, the set bits that no field names.
 */
export function textDump(definitions: Definitions, table: DecodedTable): string[] {
  const { layout } = table;
  const rows = layout.leaves.map((leaf) => ({ place: placeOf(leaf), path: leaf.path, value: readableValue(definitions, leaf, leaf.codec.read(table.bytes, leaf.offset)) }));
  for (const { path, offset, octets, value } of unnamedBits(layout, table.bytes)) {
    rows.push({ place: String(offset), path: `${path}.${unnamedKey}`, value: `bits ${value.toString(2).padStart(8 * octets, "0")}` });
  }
  const widest = rows.reduce((widths, { place, path }) => ({ place: Math.max(widths.place, place.length), path: Math.max(widths.path, path.length) }), { place: 0, path: 0 });
  return [
    `${tableNumber(table.table)} ${layout.name}, ${layout.size} octets`,
    ...rows.map(({ place, path, value }) => `  ${place.padStart(widest.place)}  ${path.padEnd(widest.path)}  ${value}`.trimEnd()),
  ];
}

/** A value as people read it: label of its enumeration, unit, members of a set in a row, `empty` for text that is blank. */
export function readableValue(definitions: Definitions, leaf: Pick<Leaf, "enumeration" | "unit">, value: FieldValue): string {
  const label = leaf.enumeration !== undefined && typeof value === "number" ? definitions.label(leaf.enumeration, value) : undefined;
  return `${shown(value)}${leaf.unit === undefined ? "" : ` ${leaf.unit}`}${label === undefined ? "" : ` (${label})`}`;
}

function shown(value: FieldValue): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length === 0 ? "none" : (value as readonly FieldValue[]).map(shown).join(" ");
  if (typeof value === "object") return JSON.stringify(value);
  if (Object.is(value, -0)) return "-0";
  const text = withoutPad(String(value));
  return `${text === "" ? "empty" : text}${String(value).endsWith("\0") ? " (NULs)" : ""}`;
}

/** Octet, and the bits of it: `12` is a whole field, `12.4` one bit, `12.0-2` three. */
export function placeOf({ offset, shift, bits, width }: Pick<Leaf, "offset" | "shift" | "bits" | "width">): string {
  if (bits === 8 * width) return String(offset);
  return bits === 1 ? `${offset}.${shift}` : `${offset}.${shift}-${shift + bits - 1}`;
}
