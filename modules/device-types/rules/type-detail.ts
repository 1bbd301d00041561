import { type DeviceType, quantities, rangesText } from "@metersmith/programs";
import type { DeviceTypeDetail, DeviceTypeVersion } from "../api/contract.ts";

/** A type in words, for people who have to decide on it. */
export function typeDetail(type: DeviceType, versions: readonly DeviceTypeVersion[]): DeviceTypeDetail {
  const { manifest, mapping, policy, firmware, display } = type.files;
  const named = (table: number, what: string) => ({ table, name: type.context.has(table) ? type.context.layout(table).name : `table ${table}`, what });
  const catalog = mapping.rules.flatMap((rule) => (rule.use === "registers" ? rule.catalog.map(({ quantity }) => quantity) : []));
  return {
    id: type.id, name: type.name, manufacturer: type.manufacturer, model: type.model, version: type.version, digest: type.digest, limits: { ...type.limits },
    about: manifest.about ?? "",
    commodity: manifest.commodity,
    versions: [...versions],
    measures: [...new Set(catalog)].map((quantity) => ({ quantity, unit: quantities[quantity].unit })),
    tables: {
      written: mapping.writes.map((table) => named(table, "")),
      checked: mapping.checks.map(({ table, fields }) => named(table, fields?.join(", ") ?? "all of it")),
      neverWritten: mapping.neverWritten.map(({ table, why }) => named(table, why)),
    },
    roles: Object.entries(policy.roles).map(([role, { about, setClock, allow }]) => ({ role, about, setClock, tables: allow.map(({ table }) => table) })),
    releases: firmware ? (["hardware", "firmware"] as const).map((what) => ({ what, range: rangesText(firmware[what]) })) : [],
    ownTables: (display?.tables ?? []).map(({ table, title, fields }) => ({ table, title, fields: fields.map(({ field, title: words }) => ({ field, title: words })) })),
  };
}
