import type { ProgramDetail, ProgramDocument } from "../api/contract.ts";

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** One table of a build: what is written, or only held against the meter. */
export interface ImageRow {
  readonly table: number;
  readonly name: string;
  readonly purpose: "written" | "checked";
  readonly octets: number;
  /** Bits that count, of `octets` × 8. */
  readonly bits: number;
}

/** A program's parameters as rows: `calendar.seasons[0].name`. Lists of plain values stay on one row. */
export function parameterRows(parameters: unknown, prefix = ""): NamedValue[] {
  if (Array.isArray(parameters)) {
    if (parameters.every(isPlain)) return [{ name: prefix, value: parameters.length === 0 ? "none" : parameters.map(plainText).join(", ") }];
    return parameters.flatMap((each: unknown, index) => parameterRows(each, `${prefix}[${index}]`));
  }
  if (typeof parameters === "object" && parameters !== null) {
    return Object.entries(parameters).flatMap(([name, value]) => parameterRows(value, prefix === "" ? name : `${prefix}.${name}`));
  }
  return [{ name: prefix === "" ? "value" : prefix, value: plainText(parameters) }];
}

/** Rows of one part of the parameters: everything under `calendar`. */
export interface ParameterGroup {
  readonly name: string;
  readonly rows: readonly NamedValue[];
}

/** As a person asks: what is it, where is it from, when and what does it measure. */
const order = ["program", "tariff", "clock", "calendar", "registers", "demand"];

/** The rows of `parameterRows` by the part they belong to. The database keeps an object's names in an order of its own. */
export function parameterGroups(parameters: unknown): ParameterGroup[] {
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  const groups = Map.groupBy(parameterRows(parameters), ({ name }) => /^[^.[]*/.exec(name)?.[0] ?? name);
  return [...groups].map(([name, rows]) => ({ name, rows })).toSorted((a, b) => rank(a.name) - rank(b.name));
}

const isPlain = (value: unknown): boolean => typeof value !== "object" || value === null;

function plainText(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" || typeof value === "number" || typeof value === "bigint" ? String(value) : "";
}

/** The tables of a build in the order of writing, then those that are only checked. */
export function imageRows({ writes, checks }: ProgramDocument["build"]): ImageRow[] {
  const rows = (images: ProgramDocument["build"]["writes"], purpose: ImageRow["purpose"]): ImageRow[] =>
    images.map(({ table, name, bytes, mask }) => ({ table, name, purpose, octets: bytes.length / 2, bits: setBits(mask) }));
  return [...rows(writes, "written"), ...rows(checks, "checked")];
}

/** One field of a table, why it is there, and the octets that it became. */
export interface FieldRow {
  readonly parameter: string;
  readonly field: string;
  /** First octet in the table. */
  readonly offset: number;
  readonly value: string;
  /** Pairs of hexadecimal digits with spaces between. Fields that share octets show the same ones. */
  readonly octets: string;
}

/** A table that is written and the fields of it that the parameters decide, in the order of the table. */
export interface TableReport extends ImageRow {
  readonly fields: readonly FieldRow[];
}

/** What a build writes, table by table: parameter → field → octets. */
export function tableReports(build: ProgramDocument["build"], report: ProgramDetail["report"]): TableReport[] {
  const byTable = Map.groupBy(report, ({ table }) => table);
  const bytes = new Map(build.writes.map((image) => [image.table, image.bytes]));
  return imageRows({ ...build, checks: [] }).map((image) => ({
    ...image,
    fields: (byTable.get(image.table) ?? []).map(({ parameter, field, offset, octets, value }) => {
      const hex = bytes.get(image.table)?.slice(2 * offset, 2 * (offset + octets)) ?? "";
      return { parameter, field, offset, value, octets: hex.match(/../g)?.join(" ") ?? "" };
    }),
  }));
}

function setBits(hex: string): number {
  let bits = 0;
  for (const digit of hex) for (let rest = Number.parseInt(digit, 16); rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
}
