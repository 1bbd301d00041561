import { maskOf, type TableId } from "@metersmith/tables";
import type { DeviceType } from "../device-type/device-type.ts";
import { ProgramsError } from "../errors.ts";

/** Bits of one table that a role may change: 1 = may. As long as the table. */
export interface TableMask {
  readonly table: TableId;
  readonly mask: Uint8Array;
}

/** What a role may do to meters of a type. Tables that are not named may not change at all. */
export interface RolePolicy {
  readonly role: string;
  readonly setClock: boolean;
  readonly allowed: readonly TableMask[];
}

/** Compiles a role's rules on fields to masks. Throws `unknown-role` with the roles that there are. */
export function policyFor(type: DeviceType, role: string): RolePolicy {
  const { roles } = type.files.policy;
  const rules = Object.hasOwn(roles, role) ? roles[role] : undefined;
  if (!rules) {
    throw new ProgramsError("unknown-role", `${type.id} has no access policy for the role "${role.slice(0, 40)}"; there are ${Object.keys(roles).join(", ")}`, {
      kind: "misuse", context: { file: "policy.json", field: "roles" },
    });
  }
  return {
    role,
    setClock: rules.setClock,
    allowed: rules.allow.map(({ table, fields }) => ({ table, mask: maskOf(type.context.layout(table), fields ?? [""]) })),
  };
}
