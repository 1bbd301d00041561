import { TablesError, type DecodedTable, type FieldValue, type TableId } from "@metersmith/tables";
import { isRecord, nested, valueAt } from "../parameters/path.ts";
import { fieldsOf, fromFields, toFields, Unmapped, type Column, type Single } from "./column.ts";
import type { FieldDraft } from "./field-draft.ts";
import { unreadable, type Primitive, type WriteInput } from "./primitive.ts";
import type { RuleOf } from "./rules.ts";

/** Where the fields of a column are: in a table, behind a prefix (`ELEMENTS[0].`), for a parameter. */
interface Place {
  readonly table: TableId;
  readonly prefix: string;
  readonly path: string;
}

/** `record`: one record of the table. Where the group is absent it stays as it is; where only this part is, it is marked as unused. */
export const record: Primitive<RuleOf<"record">> = {
  tables: (rule) => [rule.table],
  carries: (rule) => [rule.parameter],
  write(rule, input, draft) {
    const given = valueAt(input.parameters, rule.parameter);
    const prefix = rule.record === undefined ? "" : `${rule.record}.`;
    if (given !== undefined) writeRow(rule, given, { table: rule.table, prefix, path: rule.parameter }, input, draft);
    else if (groupIsThere(rule.parameter, input)) writeUnused(rule, { table: rule.table, prefix, path: rule.parameter }, draft);
  },
  read(rule, { tables }) {
    const table = tables.get(rule.table);
    const row = table && readRow(rule, table, rule.record === undefined ? "" : `${rule.record}.`);
    return row ? nested(rule.parameter, row) : {};
  },
};

/** `rows`: an array of records. Places behind the list are marked as unused. */
export const rows: Primitive<RuleOf<"rows">> = {
  tables: (rule) => [rule.table],
  carries: (rule) => [rule.parameter],
  write(rule, input, draft) {
    const given = valueAt(input.parameters, rule.parameter);
    if (given === undefined && !groupIsThere(rule.parameter, input)) return;
    const list = rule.keys ? rule.keys.map((key) => valueAt(given, key)) : Array.isArray(given) ? given : [];
    const places = input.places(rule.table, rule.rows);
    if (list.length > places) input.refuse(rule.parameter, `${list.length} entries; this type holds ${places} (${rule.rows}, table ${rule.table})`);
    for (let place = 0; place < places; place++) {
      const at: Place = { table: rule.table, prefix: `${rule.rows}[${place}].`, path: rule.keys ? `${rule.parameter}.${rule.keys[place] ?? ""}` : `${rule.parameter}[${place}]` };
      if (list[place] === undefined) writeUnused(rule, at, draft);
      else writeRow(rule, list[place], at, input, draft);
    }
  },
  read(rule, { tables }) {
    const table = tables.get(rule.table);
    if (!table) return {};
    const found: unknown[] = [];
    for (let place = 0; table.layout.part(`${rule.rows}[${place}]`) !== undefined; place++) found.push(readRow(rule, table, `${rule.rows}[${place}].`));
    const { keys } = rule;
    return nested(rule.parameter, keys ? Object.fromEntries(keys.map((key, place) => [key, found[place]])) : found.filter((row) => row !== undefined));
  },
};

/** Drafts the fields of one value. What the table cannot hold is refused under the parameter's path. */
export function writeColumn(column: Column, value: Single, { table, prefix, path }: Place, input: WriteInput, draft: FieldDraft): void {
  try {
    for (const one of toFields(column, value)) draft.set(table, `${prefix}${one.field}`, one.value, input.reason(path));
  } catch (error) {
    if (!(error instanceof Unmapped)) throw error;
    input.refuse(path, error.message);
  }
}

/** The value that a column's fields hold. Throws `tables-unreadable`. */
export function readColumn(column: Column, table: DecodedTable, prefix: string): Single {
  let at = "";
  const field = (name: string): FieldValue => {
    at = `${prefix}${name}`;
    const found = table.get(at);
    return typeof found === "string" ? table.text(at) : found;
  };
  try {
    return fromFields(column, field);
  } catch (error) {
    if (error instanceof Unmapped) throw unreadable(table.table, at, table.get(at), `what ${column.parameter} can be: ${error.message}`);
    if (error instanceof TablesError) throw unreadable(table.table, at, "", "a field of this type");
    throw error;
  }
}

type RowRule = Pick<RuleOf<"rows">, "columns" | "unused">;

function writeRow({ columns }: RowRule, row: unknown, place: Place, input: WriteInput, draft: FieldDraft): void {
  for (const column of columns) {
    const value = valueAt(row, column.parameter);
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") writeColumn(column, value, { ...place, path: `${place.path}.${column.parameter}` }, input, draft);
  }
}

function writeUnused({ columns, unused }: RowRule, { table, prefix, path }: Place, draft: FieldDraft): void {
  for (const field of columns.flatMap(fieldsOf)) draft.set(table, `${prefix}${field}`, field === unused?.field ? unused.value : 0, `(unused: no ${path})`);
}

/** Undefined for a row that is marked as unused. */
function readRow({ columns, unused }: RowRule, table: DecodedTable, prefix: string): { [key: string]: unknown } | undefined {
  if (unused && table.get(`${prefix}${unused.field}`) === unused.value) return undefined;
  return Object.fromEntries(columns.map((column) => [column.parameter, readColumn(column, table, prefix)]));
}

function groupIsThere(path: string, { parameters }: WriteInput): boolean {
  const [group = ""] = path.split(".", 1);
  return group !== path && isRecord(valueAt(parameters, group));
}
