import { maskOf, merge, type FieldValue, type Layout, type MeterContext, type TableId } from "@metersmith/tables";
import { ClientError } from "./client-error.ts";

/** A field of one table in one meter. */
export interface TableField {
  readonly table: TableId;
  readonly layout: Layout;
  /** `""` is the whole table. */
  readonly path: string;
  /** The octets that it lies in. */
  readonly offset: number;
  readonly size: number;
}

/**
 * Finds `CLOCK_TBL.CLOCK_CALENDAR` or `52.CLOCK_CALENDAR`: a table by its standard name or number (2048 + n for manufacturer table n), then the
 * path. Throws `unknown-table` and `unknown-field`, saying what there is.
 */
export function findField(context: MeterContext, name: string): TableField {
  const dot = name.indexOf(".");
  const [tableName, path] = dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1)];
  const table = /^\d{1,4}$/.test(tableName) ? Number(tableName) : context.definitions.tableNamed(tableName)?.number;
  if (table === undefined || !context.definitions.tables.has(table)) {
    throw new ClientError("misuse", "unknown-table", `${shortened(name)}: no table is called ${shortened(tableName)}. Write a number or a standard name, e.g. 52.CLOCK_CALENDAR or CLOCK_TBL.CLOCK_CALENDAR.`, { field: shortened(name) });
  }
  if (!context.has(table)) {
    throw new ClientError("misuse", "unknown-table", `${shortened(name)}: this meter has no table ${table}; its table 0 does not list it.`, { table, field: shortened(name) });
  }
  const layout = context.layout(table);
  const part = layout.part(path);
  if (!part) throw noSuchField(layout, path);
  return { table, layout, path, offset: part.offset, size: part.shape.size };
}

/**
 * The image with a field changed. Of a record only the members that `value` has are changed, of an array only the elements. Throws `bad-value`
 * (`TablesError`) for what the field cannot hold.
 */
export function withField(context: MeterContext, { table, layout, path }: TableField, image: Uint8Array, value: FieldValue): Uint8Array {
  const given = givenPaths(layout, path, value);
  // Defaults stand in for all that is not given; the mask keeps them out.
  const tree = replaced(context.decode(table, context.encode(table, {})).tree(), stepsOf(path), value);
  return merge(image, { table, bytes: context.encode(table, tree), mask: maskOf(layout, given) });
}

function givenPaths(layout: Layout, path: string, value: FieldValue): string[] {
  const part = layout.part(path);
  if (!part) throw noSuchField(layout, path);
  if (part.shape.kind === "array" && Array.isArray(value)) return (value as readonly FieldValue[]).flatMap((item, index) => givenPaths(layout, `${path}[${index}]`, item));
  if (part.shape.kind === "record" && typeof value === "object" && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([member, item]) => givenPaths(layout, path === "" ? member : `${path}.${member}`, item));
  }
  return [path];
}

function replaced(tree: FieldValue, [step, ...rest]: readonly (string | number)[], value: FieldValue): FieldValue {
  if (step === undefined) return value;
  if (typeof step === "number") return (tree as readonly FieldValue[]).map((item, index) => (index === step ? replaced(item, rest, value) : item));
  const record = tree as { readonly [field: string]: FieldValue };
  return { ...record, [step]: replaced(record[step] ?? {}, rest, value) };
}

function stepsOf(path: string): (string | number)[] {
  return path === "" ? [] : path.split(/[.[]/).map((step) => (step.endsWith("]") ? Number(step.slice(0, -1)) : step));
}

function noSuchField(layout: Layout, path: string): ClientError {
  const parent = deepestPart(layout, path);
  const shape = layout.part(parent)?.shape;
  const there = shape?.kind === "record" ? [...shape.byName.keys()].slice(0, 12).join(", ") : shape?.kind === "array" ? `elements 0 to ${shape.count - 1}` : "no parts";
  return new ClientError(
    "misuse", "unknown-field",
    `Table ${layout.table} (${layout.name}) has no field ${shortened(path)} in this meter. ${parent === "" ? "It has" : `${parent} has`} ${there}.`,
    { table: layout.table, field: shortened(path) },
  );
}

/** The longest beginning of a path that this meter's table has. */
function deepestPart(layout: Layout, path: string): string {
  for (let end = path.length; end > 0; end = Math.max(path.lastIndexOf(".", end - 1), path.lastIndexOf("[", end - 1))) {
    if (layout.part(path.slice(0, end))) return path.slice(0, end);
  }
  return "";
}

const shortened = (text: string): string => (text.length <= 80 ? text : `${text.slice(0, 79)}…`);
