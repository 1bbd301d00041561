import type { Layout } from "./layout/layout.ts";
import { TablesError } from "./tables-error.ts";

export function wrongLength(layout: Layout, actual: number): TablesError {
  return new TablesError(
    "peer-data",
    "table-length",
    `Table ${tableNumber(layout.table)} (${layout.name}) has ${actual} octets; its dimensions in this meter give ${layout.size}.`,
    { table: layout.table, expected: layout.size, actual },
  );
}

export function unknownField(layout: Layout, path: string): TablesError {
  return new TablesError(
    "misuse",
    "unknown-field",
    `Table ${tableNumber(layout.table)} (${layout.name}) has no field ${path.slice(0, 200)} in this meter.`,
    { table: layout.table, field: path.slice(0, 200) },
  );
}

/** A table's number for people: `54`, or `MT 3` for manufacturer table 3. */
export function tableNumber(table: number): string {
  return table < 2048 ? String(table) : `MT ${table - 2048}`;
}

export function badValue(layout: Layout, field: string, offset: number, expected: string, value: unknown): TablesError {
  const isThing = (typeof value === "object" && value !== null) || typeof value === "function";
  const actual = isThing ? (Array.isArray(value) ? `a list of ${value.length}` : "an object") : String(value).slice(0, 60);
  return new TablesError(
    "input",
    "bad-value",
    `Table ${tableNumber(layout.table)} (${layout.name}), ${field || "the table"}, octet ${offset}: expected ${expected}, found ${actual || "nothing"}.`,
    { table: layout.table, field, offset, expected, actual },
  );
}

/** `expected`: what the field would have to be. `table`: the number of the table that has it. */
export function noSuchDimension(name: string, path: string, table: number, expected: "a number" | "a set", actual: string | undefined): TablesError {
  const found = actual === undefined ? "which this meter does not have in it" : `which is ${actual} there`;
  return new TablesError(
    "peer-data", "bad-dimension",
    `Another table's form depends on ${expected} in table ${tableNumber(table)}: ${name}.${path}, ${found}. Check that table 0 lists the table that was asked for.`,
    { table, field: `${name}.${path}`, expected, actual: actual ?? "nothing" },
  );
}
