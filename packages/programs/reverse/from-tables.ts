import { TablesError, type DecodedTable, type TableId } from "@metersmith/tables";
import type { DeviceType } from "../device-type/device-type.ts";
import { ProgramsError } from "../errors.ts";
import type { ReadParameters } from "../mapping/primitive.ts";
import { primitiveFor } from "../mapping/primitives.ts";

/**
 * What a meter's tables say of its parameters, by the same mapping that builds use. Tables not given are left out. Not in
 * any table, so never told: names, the zone's name, the rules behind dated holidays. Throws `tables-unreadable` with table
 * and field where octets mean nothing.
 */
export function parametersFromTables(type: DeviceType, tables: ReadonlyMap<TableId, DecodedTable>): ReadParameters {
  const found: ReadParameters = {};
  for (const rule of type.files.mapping.rules) {
    const { program, ...rest } = primitiveFor(rule).read({ tables, dimension: type.dimension });
    Object.assign(found, rest);
    if (program) found.program = { ...found.program, ...program };
  }
  return found;
}

/** The same from whole images, decoded by the type's layouts. */
export function parametersFromImages(type: DeviceType, images: ReadonlyMap<TableId, Uint8Array>): ReadParameters {
  const decoded = new Map<TableId, DecodedTable>();
  for (const table of type.files.mapping.writes) {
    const image = images.get(table);
    if (image) decoded.set(table, decodedBy(type, table, image));
  }
  return parametersFromTables(type, decoded);
}

function decodedBy(type: DeviceType, table: TableId, image: Uint8Array): DecodedTable {
  try {
    return type.context.decode(table, image);
  } catch (cause) {
    if (!(cause instanceof TablesError)) throw cause;
    throw new ProgramsError("tables-unreadable", `by the layouts of ${type.id}: ${cause.message}`, { kind: "peer-data", context: cause.context, cause });
  }
}
