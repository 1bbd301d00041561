import type { DecodedTable, FieldValue, TableId } from "@metersmith/tables";
import type { Calendar } from "../calendar/calendar.ts";
import type { MeterClock } from "../calendar/meter-clock.ts";
import { ProgramsError } from "../errors.ts";
import type { Finding } from "../finding.ts";
import type { ParameterGroups, Parameters } from "../parameters/schema.ts";
import type { Quantity } from "../parameters/quantity.ts";
import type { Defaults, Limits } from "../device-type/files.ts";
import type { FieldDraft } from "./field-draft.ts";
import type { Catalog } from "./registers.ts";

/** A number out of the type's dimension tables: `dimension(51, "NBR_TIER_SWITCHES")`. */
export type Dimensions = (table: TableId, field: string) => number;

/** What the primitives are given to make fields from. `calendar` and `clock` are the parameters' own, worked out once. */
export interface WriteInput {
  /** With what the device type's defaults add. */
  readonly parameters: Parameters;
  readonly calendar: Calendar;
  readonly clock: MeterClock;
  readonly dimension: Dimensions;
  readonly limits: Limits;
  readonly defaults: Defaults;
  /** What the report says of a parameter: its path, or that it is a default of the device type. */
  readonly reason: (path: string) => string;
  /** What the type can measure, as its `registers` rule lists it. */
  readonly catalog: Catalog;
  /** Elements of an array of a table. */
  readonly places: (table: TableId, array: string) => number;
  /** The type cannot hold this parameter. Other rules go on, so that all is said at once. */
  readonly refuse: (path: string, message: string) => void;
}

/** What a meter's tables say of its parameters. Absent: the tables given do not say. */
export interface ReadParameters extends ReadGroups {
  program?: { code?: string; version?: number; buildMark?: string };
  calendar?: Calendar;
  /** Minutes ahead of UTC, and the change for daylight saving; the zone's name is not in a meter. */
  clock?: { offsetMinutes: number; daylight: { minute: number; amount: number } | null };
  /** By place; null where a place selects nothing that the type's catalog knows. */
  registers?: { energy: (Quantity | null)[]; demand: (Quantity | null)[] };
  /** Groups of which the tables hold what is no such parameter. */
  unreadable?: Finding[];
}

/** Each group with what the type's tables hold of it. */
export type ReadGroups = { [Name in keyof ParameterGroups]?: Partial<ParameterGroups[Name]> };

/** A part of the parameters as one rule reads it, by path; it is held against the schemas once all are together. */
export type ReadPart = { [key: string]: unknown };

export interface ReadInput {
  /** What rules before this one have read. */
  readonly sofar: ReadPart;
  readonly catalog: Catalog;
  readonly tables: ReadonlyMap<TableId, DecodedTable>;
  readonly dimension: Dimensions;
}

/** One primitive of the mapping, in both directions, for one kind of rule. */
export interface Primitive<Rule> {
  /** The tables it sets. */
  tables(rule: Rule): TableId[];
  /** The parameters that it carries both ways, by path; all that is under a path. None: the rule goes one way only. */
  carries(rule: Rule, dimension: Dimensions): readonly string[];
  write(rule: Rule, input: WriteInput, draft: FieldDraft): void;
  /** Throws `tables-unreadable`. */
  read(rule: Rule, input: ReadInput): ReadPart;
}

/** A field as a number; flags are 0 and 1. Throws `tables-unreadable` where it is none. */
export function numberAt(table: DecodedTable, path: string): number {
  const value = table.get(path);
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return value;
  throw unreadable(table.table, path, value, "a number");
}

export function textAt(table: DecodedTable, path: string): string {
  const value = table.get(path);
  if (typeof value === "string") return value;
  throw unreadable(table.table, path, value, "text");
}

export function unreadable(table: TableId, path: string, found: FieldValue, expected: string): ProgramsError {
  return new ProgramsError("tables-unreadable", `table ${table}, ${path}: expected ${expected}, found ${JSON.stringify(found, bigintAsText)?.slice(0, 60)}`, {
    kind: "peer-data",
    context: { table, field: path },
  });
}

const bigintAsText = (_: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);
