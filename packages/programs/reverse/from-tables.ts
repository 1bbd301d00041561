import { TablesError, type DecodedTable, type TableId } from "@metersmith/tables";
import type { DeviceType } from "../device-type/device-type.ts";
import { ProgramsError } from "../errors.ts";
import { fieldPath, type Finding } from "../finding.ts";
import type { ReadParameters, ReadPart } from "../mapping/primitive.ts";
import { primitiveFor } from "../mapping/primitives.ts";
import { catalogOf } from "../mapping/registers.ts";
import { isRecord, joined } from "../parameters/path.ts";
import { groupNames, groupSchemas } from "../parameters/schema.ts";

/**
 * What a meter's tables say of its parameters, by the same mapping that builds use. Tables not given are left out. Not in
 * any table, so never told: names, the zone's name, the rules behind dated holidays. Throws `tables-unreadable` with table
 * and field where octets of calendar, clock or registers mean nothing; of the other groups, what means nothing is told beside them.
 */
export function parametersFromTables(type: DeviceType, tables: ReadonlyMap<TableId, DecodedTable>): ReadParameters {
  const { rules } = type.files.mapping;
  const catalog = catalogOf(rules);
  const unreadable: Finding[] = [];
  const found = rules.reduce<ReadPart>((sofar, rule) => {
    try {
      return joined(sofar, primitiveFor(rule).read({ sofar, catalog, tables, dimension: type.dimension }));
    } catch (error) {
      if (!(error instanceof ProgramsError) || structural.has(rule.use)) throw error;
      unreadable.push({ severity: "error", field: String(error.context["field"] ?? ""), message: error.message });
      return sofar;
    }
  }, {});
  for (const name of groupNames) {
    const part = found[name];
    if (part === undefined) continue;
    if (isRecord(part) && Object.keys(part).length === 0) delete found[name];
    const checked = groupSchemas[name].partial().safeParse(part);
    if (checked.success) continue;
    delete found[name];
    unreadable.push(...checked.error.issues.map(({ path, message }) => ({ severity: "error" as const, field: fieldPath([name, ...path]), message })));
  }
  return { ...found, ...(unreadable.length > 0 ? { unreadable } : {}) };
}

/** Rules without which a program's calendar, clock and registers cannot be told. */
const structural: ReadonlySet<string> = new Set(["calendar", "clock", "registers", "version-octets", "build-mark"]);

/** The same from whole images, decoded by the type's layouts. */
export function parametersFromImages(type: DeviceType, images: ReadonlyMap<TableId, Uint8Array>): ReadParameters {
  const decoded = new Map<TableId, DecodedTable>();
  const { writes, checks } = type.files.mapping;
  for (const table of new Set([...writes, ...checks.map((check) => check.table)])) {
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
