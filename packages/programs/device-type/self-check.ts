import { ProgramsError } from "../errors.ts";
import { primitiveFor } from "../mapping/primitives.ts";
import type { DeviceType } from "./device-type.ts";

/** A type contradicts itself where it names a table or field that its meters do not have, or writes what it says it never writes. */
export function checkAgainstLayouts(type: DeviceType): void {
  const { mapping, policy } = type.files;
  const writes = new Set(mapping.writes);
  mapping.writes.forEach((table, index) => tableIsThere(type, table, "mapping.json", `writes[${index}]`));
  mapping.checks.forEach(({ table, fields }, index) => fieldsAreThere(type, table, fields, "mapping.json", `checks[${index}]`));
  mapping.neverWritten.forEach(({ table }, index) => {
    if (writes.has(table)) throw contradiction("mapping.json", `neverWritten[${index}]`, `table ${table} is among the tables written`);
  });
  mapping.rules.forEach((rule, index) => {
    for (const table of primitiveFor(rule).tables()) {
      if (!writes.has(table)) throw contradiction("mapping.json", `rules[${index}]`, `sets table ${table}, which is not among the tables written`);
    }
  });
  for (const [role, { allow }] of Object.entries(policy.roles)) {
    allow.forEach(({ table, fields }, index) => fieldsAreThere(type, table, fields, "policy.json", `roles.${role}.allow[${index}]`));
  }
}

function tableIsThere(type: DeviceType, table: number, file: string, field: string): void {
  if (!type.context.has(table)) throw contradiction(file, field, `table ${table} is not among the tables that factory.json lists in table 0`);
}

function fieldsAreThere(type: DeviceType, table: number, fields: readonly string[] | undefined, file: string, field: string): void {
  tableIsThere(type, table, file, field);
  fields?.forEach((path, index) => {
    if (type.context.layout(table).under(path).length === 0) throw contradiction(file, `${field}.fields[${index}]`, `table ${table} has no field ${path}`);
  });
}

function contradiction(file: string, field: string, message: string): ProgramsError {
  return new ProgramsError("device-type-invalid", `${file}: ${field}: ${message}`, { context: { file, field }, findings: [{ severity: "error", field, message }] });
}
