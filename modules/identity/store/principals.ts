import type { Organization, Principal } from "@metersmith/site/principal";
import type { Kysely } from "kysely";
import type { IdentityTables } from "./tables.ts";

export type Rights = Pick<Principal, "roles" | "permissions" | "organization">;

/** The roles of a person, what they permit together, and for whom; undefined for one who is unknown or may not come in any more. */
export async function rightsOf(db: Kysely<IdentityTables>, personId: string): Promise<Rights | undefined> {
  const rows = await db
    .selectFrom("person")
    .innerJoin("organization", "organization.id", "person.organization_id")
    .leftJoin("person_role", "person_role.person_id", "person.id")
    .leftJoin("role", "role.id", "person_role.role_id")
    .leftJoin("role_permission", "role_permission.role_id", "role.id")
    .where("person.id", "=", personId)
    .where("person.disabled_at", "is", null)
    .select(["role.name as role", "role_permission.permission", "organization.id", "organization.name", "organization.is_owner"])
    .orderBy("role.name")
    .execute();
  const [first] = rows;
  if (!first) return undefined;
  const roles = new Set<string>();
  const permissions = new Set<string>();
  for (const { role, permission } of rows) {
    if (role !== null) roles.add(role);
    if (permission !== null) permissions.add(permission);
  }
  const organization: Organization = { id: first.id, name: first.name, owner: first.is_owner };
  return { roles: [...roles], permissions, organization };
}
