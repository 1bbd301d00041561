import { type Expression, type Kysely, sql, type SqlBool, type Transaction } from "kysely";
import type { Role } from "../api/contract.ts";
import type { GivenRole } from "../rules/granting.ts";
import type { IdentityTables } from "./tables.ts";

type Own = Expression<SqlBool>;

export type StoredRole = GivenRole & Role & { readonly key: string };

/** The built-in roles and the asking organization's own. */
export async function listRoles(db: Kysely<IdentityTables>, own: Own): Promise<StoredRole[]> {
  const rows = await db
    .selectFrom("role")
    .where((eb) => eb.or([eb("organization_id", "is", null), own]))
    .select((eb) => [
      "id",
      "name",
      "title",
      "owner_only",
      "organization_id",
      eb
        .selectFrom("role_permission")
        .whereRef("role_id", "=", "role.id")
        .select(sql<string[]>`coalesce(array_agg(permission order by permission), '{}')`.as("permissions"))
        .as("permissions"),
    ])
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    key: row.id,
    name: row.name,
    title: row.title,
    builtIn: row.organization_id === null,
    ownerOnly: row.owner_only,
    permissions: row.permissions ?? [],
  }));
}

/** Makes a role of an organization's own; undefined where it has one of this name. */
export async function addRole(
  tx: Transaction<IdentityTables>,
  organizationId: string,
  { name, title, permissions }: Pick<Role, "name" | "title" | "permissions">,
): Promise<string | undefined> {
  const made = await tx
    .insertInto("role")
    .values({ name, title, organization_id: organizationId })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!made) return undefined;
  if (permissions.length > 0) await tx.insertInto("role_permission").values(permissions.map((permission) => ({ role_id: made.id, permission }))).execute();
  return made.id;
}
