import { changes, maskOf, type FieldValue } from "@metersmith/tables";
import type { DeviceType } from "../device-type/device-type.ts";
import type { FieldDraft } from "../mapping/field-draft.ts";
import type { BuildTable } from "./build.ts";

/**
 * The tables that a meter must have already, as the factory makes them. A parameter that a rule puts into one of them is held where the factory makes it so; where not, it is refused with table,
 * field and both values.
 */
export function checkedTables(type: DeviceType, draft: FieldDraft, refuse: (path: string, message: string) => void): BuildTable[] {
  return type.files.mapping.checks.map(({ table, fields }) => {
    const layout = type.context.layout(table);
    const drafted = draft.fields(table);
    const mask = maskOf(layout, [...(fields ?? [""]), ...drafted.map(({ path }) => path)]);
    const factory = type.factoryImages.get(table) ?? new Uint8Array(layout.size);
    if (drafted.length > 0) {
      const asked = { table, bytes: type.context.encode(table, draft.tree(table)), mask: maskOf(layout, drafted.map(({ path }) => path)) };
      for (const { path, before, after } of changes(type.context, factory, asked)) {
        const parameter = drafted.find((field) => field.path === path)?.parameter ?? path;
        refuse(parameter, `${shown(after)} is not held by ${type.id}: its factory makes ${path} of table ${table} ${shown(before)}, and no program changes that`);
      }
    }
    return { table, name: layout.name, bytes: factory.map((octet, index) => octet & (mask[index] ?? 0)), mask };
  });
}

function shown(value: FieldValue): string {
  return typeof value === "string" ? value : JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? one.toString() : one));
}
