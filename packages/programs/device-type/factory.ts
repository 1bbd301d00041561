import { MeterContext, TablesError, type DecodedTable, type Definitions, type FieldValue, type TableId } from "@metersmith/tables";
import { ProgramsError } from "../errors.ts";
import type { Dimensions } from "../mapping/primitive.ts";

/** The factory's tables as images, the layouts that they give, and the dimensions in them. */
export interface FactoryTables {
  readonly context: MeterContext;
  readonly images: ReadonlyMap<TableId, Uint8Array>;
  readonly dimension: Dimensions;
}

/** `tables`: table number → value tree, as `factory.json` has them. Throws `device-type-invalid` naming that file. */
export function factoryTables(definitions: Definitions, tables: Readonly<Record<string, unknown>>): FactoryTables {
  try {
    const values = new Map(Object.entries(tables).map(([table, value]) => [Number(table), value as FieldValue]));
    const { context, images } = MeterContext.fromValues(definitions, values);
    return { context, images, dimension: dimensionsOf(context, images) };
  } catch (cause) {
    if (!(cause instanceof TablesError)) throw cause;
    throw new ProgramsError("device-type-invalid", `factory.json: ${cause.message}`, { context: { ...cause.context, file: "factory.json" }, cause });
  }
}

function dimensionsOf(context: MeterContext, images: ReadonlyMap<TableId, Uint8Array>): Dimensions {
  const decoded = new Map<TableId, DecodedTable>();
  return (table, field) => {
    const image = images.get(table);
    const known = decoded.get(table) ?? (image && context.decode(table, image));
    if (!known) throw new ProgramsError("device-type-invalid", `factory.json: table ${table}, which gives ${field}, is missing`, { context: { file: "factory.json", table, field } });
    decoded.set(table, known);
    return Number(known.get(field));
  };
}
