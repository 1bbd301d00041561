import type { Kysely } from "kysely";
import type { IdentityTables } from "./tables.ts";

/** The roles of a person and what they permit together. */
export async function rightsOf(db: Kysely<IdentityTables>, personId: string): Promise<{ roles: string[]; permissions: Set<string> }> {
  const rows = await db
    .selectFrom("person_role")
    .innerJoin("role", "role.id", "person_role.role_id")
    .leftJoin("role_permission", "role_permission.role_id", "role.id")
    .where("person_role.person_id", "=", personId)
    .select(["role.name", "role_permission.permission"])
    .orderBy("role.name")
    .execute();
  const permissions = new Set<string>();
  for (const row of rows) if (row.permission !== null) permissions.add(row.permission);
  return { roles: [...new Set(rows.map((row) => row.name))], permissions };
}
