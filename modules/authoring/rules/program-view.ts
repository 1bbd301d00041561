import type { ProgramDocument } from "../api/contract.ts";

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

function setBits(hex: string): number {
  let bits = 0;
  for (const digit of hex) for (let rest = Number.parseInt(digit, 16); rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
}
