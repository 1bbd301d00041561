import type { Kysely, Transaction } from "kysely";
import type { OrganizationFacts } from "../api/contract.ts";
import type { IdentityTables } from "./tables.ts";

const columns = ["id", "slug", "name", "is_owner", "created_at"] as const;

export async function listOrganizations(db: Kysely<IdentityTables>): Promise<OrganizationFacts[]> {
  const rows = await db.selectFrom("organization").select(columns).orderBy("created_at").limit(1000).execute();
  return rows.map(({ id, slug, name, is_owner: owner, created_at: since }) => ({ id, slug, name, owner, since: since.toISOString() }));
}

/** Undefined where one has this short name already. */
export async function addOrganization(tx: Transaction<IdentityTables>, slug: string, name: string): Promise<string | undefined> {
  const made = await tx.insertInto("organization").values({ slug, name }).onConflict((conflict) => conflict.column("slug").doNothing()).returning("id").executeTakeFirst();
  return made?.id;
}

/** The organization that runs the site takes the site's name. */
export async function nameOwner(db: Kysely<IdentityTables>, name: string): Promise<void> {
  await db.updateTable("organization").set({ name }).where("is_owner", "=", true).where("name", "!=", name).execute();
}
