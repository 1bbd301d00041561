import { ExpressionError } from "@metersmith/base/expression";
import { ProgramsError } from "../errors.ts";
import { fieldsOf } from "../mapping/column.ts";
import { primitiveFor, type BoundPrimitive } from "../mapping/primitives.ts";
import type { MappingRule } from "../mapping/rules.ts";
import { isUnder } from "../parameters/path.ts";
import type { DeviceType } from "./device-type.ts";

/**
 * A type contradicts itself where it names a table or field that its meters do not have, writes what it says it never writes or what table 0 does not let
 * be written, gives a right on what is never written, or claims in one file what another one rules out. Throws `device-type-invalid` with file and field.
 */
export function checkAgainstLayouts(type: DeviceType): void {
  checkMapping(type);
  checkPolicy(type);
  checkIdentity(type);
  checkLimits(type);
  checkDisplay(type);
}

function checkMapping(type: DeviceType): void {
  const { mapping } = type.files;
  const writes = new Set(mapping.writes);
  mapping.writes.forEach((table, index) => {
    const field = `writes[${index}]`;
    tableIsThere(type, table, "mapping.json", field);
    if (mapping.writes.indexOf(table) !== index) throw contradiction("mapping.json", field, `table ${table} is listed twice`);
    if (!type.context.writable(table)) throw contradiction("mapping.json", field, `table ${table} is not among the tables that factory.json lists as writable in table 0`);
  });
  mapping.checks.forEach(({ table, fields }, index) => fieldsAreThere(type, table, fields, "mapping.json", `checks[${index}]`));
  mapping.neverWritten.forEach(({ table }, index) => {
    if (writes.has(table)) throw contradiction("mapping.json", `neverWritten[${index}]`, `table ${table} is among the tables written`);
  });
  rulesLeadBothWays(type);
  mapping.rules.forEach((rule, index) => {
    for (const [place, table, field] of namedFields(rule)) oneFieldIsThere(type, table, field, "mapping.json", `rules[${index}].${place}`);
  });
}

/** The fields that a rule names itself, each with its place in the rule. */
function namedFields(rule: MappingRule): readonly (readonly [place: string, table: number, field: string])[] {
  if (!("table" in rule)) return [];
  const { table } = rule;
  switch (rule.use) {
    case "version-octets": return [["high", table, rule.high], ["low", table, rule.low]];
    case "members": return rule.members.map(({ field }, index) => [`members[${index}].field`, table, field]);
    case "rows":
    case "record": {
      const top = rule.use === "rows" ? `${rule.rows}[0].` : rule.record === undefined ? "" : `${rule.record}.`;
      return [
        ...rule.columns.flatMap((column, index) => fieldsOf(column).map((field) => [`columns[${index}].field`, table, `${top}${field}`] as const)),
        ...(rule.unused ? [["unused.field", table, `${top}${rule.unused.field}`] as const] : []),
      ];
    }
    case "value": return fieldsOf(rule).map((field) => ["field", table, field]);
    default: return [["field", table, rule.field]];
  }
}

function checkPolicy(type: DeviceType): void {
  const never = new Set(type.files.mapping.neverWritten.map(({ table }) => table));
  for (const [role, { allow }] of Object.entries(type.files.policy.roles)) {
    allow.forEach(({ table, fields }, index) => {
      const field = `roles.${role}.allow[${index}]`;
      fieldsAreThere(type, table, fields, "policy.json", field);
      if (never.has(table)) throw contradiction("policy.json", field, `allows a change of table ${table}, which mapping.json says is never written`);
    });
  }
}

/** By MANUFACTURER and ED_MODEL of table 1 a meter is known to be of this type. */
function checkIdentity(type: DeviceType): void {
  const identification = type.factoryImages.get(1);
  if (!identification) throw contradiction("factory.json", "tables.1", "is missing: by it a meter of this type is recognized");
  const decoded = type.context.decode(1, identification);
  const { manufacturer, model } = type.files.manifest;
  for (const [field, place, claimed] of [["MANUFACTURER", "manufacturer.code", manufacturer.code], ["ED_MODEL", "model", model]] as const) {
    const shipped = decoded.get(field);
    if (shipped !== claimed) throw contradiction("manifest.json", place, `is "${claimed}"; the meters say "${String(shipped)}" (factory.json, table 1, ${field})`);
  }
}

function checkLimits(type: DeviceType): void {
  const { limits, defaults, mapping } = type.files;
  const changes = type.dimension(51, "NBR_TIER_SWITCHES");
  if (limits.tierSwitchesPerDay > Math.max(changes, 1)) {
    throw contradiction("limits.json", "tierSwitchesPerDay", `is ${limits.tierSwitchesPerDay}; the meter holds ${changes} in all schedules (factory.json, table 51, NBR_TIER_SWITCHES)`);
  }
  if (!limits.demandIntervalMinutes.includes(defaults.demandIntervalMinutes)) {
    throw contradiction("defaults.json", "demandIntervalMinutes", `is ${defaults.demandIntervalMinutes}; limits.json lets it be ${limits.demandIntervalMinutes.join(", ")}`);
  }
  const catalog = new Set(mapping.rules.flatMap((rule) => (rule.use === "registers" ? rule.catalog.map(({ quantity }) => quantity) : [])));
  defaults.fillRegisters.forEach((quantity, index) => {
    if (!catalog.has(quantity)) throw contradiction("defaults.json", `fillRegisters[${index}]`, `${quantity} is not in the catalog of registers in mapping.json`);
  });
}

function checkDisplay(type: DeviceType): void {
  type.files.display?.tables.forEach(({ table, fields }, index) => {
    const place = `tables[${index}]`;
    tableIsThere(type, table, "display.json", place);
    fields.forEach(({ field }, at) => {
      if (!type.context.layout(table).parts(field)) throw contradiction("display.json", `${place}.fields[${at}].field`, `table ${table} has no field ${field}`);
    });
  });
}

/** A rule sets what is written or checked; its condition reads what rules before it have told from the tables. */
function rulesLeadBothWays({ files: { mapping }, dimension }: DeviceType): void {
  const known = new Set([...mapping.writes, ...mapping.checks.map(({ table }) => table)]);
  const carried: string[] = [];
  mapping.rules.forEach((rule, index) => {
    const refuse = (message: string, member = ""): ProgramsError => contradiction("mapping.json", `rules[${index}]${member}`, message);
    let bound: BoundPrimitive;
    try {
      bound = primitiveFor(rule);
    } catch (cause) {
      if (!(cause instanceof ExpressionError)) throw cause;
      throw refuse(cause.message, ".when");
    }
    for (const table of bound.tables()) if (!known.has(table)) throw refuse(`sets table ${table}, which is not among the tables written or checked`);
    for (const path of bound.when?.paths ?? []) {
      const parameter = path.replace(/^p\./, "");
      if (parameter === path) throw refuse(`reads ${path}; a condition is on p, the parameters`, ".when");
      if (!carried.some((top) => isUnder(parameter, top))) throw refuse(`reads ${path}, which no rule before it carries both ways`, ".when");
    }
    carried.push(...bound.carries(dimension));
  });
}

function tableIsThere(type: DeviceType, table: number, file: string, field: string): void {
  if (!type.context.has(table)) throw contradiction(file, field, `table ${table} is not among the tables that factory.json lists in table 0`);
}

function fieldsAreThere(type: DeviceType, table: number, fields: readonly string[] | undefined, file: string, field: string): void {
  tableIsThere(type, table, file, field);
  fields?.forEach((path, index) => oneFieldIsThere(type, table, path, file, `${field}.fields[${index}]`));
}

function oneFieldIsThere(type: DeviceType, table: number, path: string, file: string, field: string): void {
  if (type.context.layout(table).under(path).length === 0) throw contradiction(file, field, `table ${table} has no field ${path}`);
}

function contradiction(file: string, field: string, message: string): ProgramsError {
  return new ProgramsError("device-type-invalid", `${file}: ${field}: ${message}`, { context: { file, field }, findings: [{ severity: "error", field, message }] });
}
