import { type Expression, type Kysely, sql, type SqlBool, type Transaction } from "kysely";
import type { Person } from "../api/contract.ts";
import { endSessions } from "./sessions.ts";
import type { IdentityTables } from "./tables.ts";

type Own = Expression<SqlBool>;

const PEOPLE_AT_MOST = 1000;

const selectPeople = (db: Kysely<IdentityTables>, own: Own) =>
  db
    .selectFrom("person")
    .where(own)
    .select((eb) => [
      "id",
      "email",
      "name",
      "disabled_at",
      "two_factor_enabled",
      "created_at",
      eb.exists(eb.selectFrom("invitation").select(sql`1`.as("one")).whereRef("person_id", "=", "person.id")).as("invited"),
      eb
        .selectFrom("person_role")
        .innerJoin("role", "role.id", "person_role.role_id")
        .whereRef("person_role.person_id", "=", "person.id")
        .select(sql<string[]>`coalesce(array_agg(role.name order by role.name), '{}')`.as("roles"))
        .as("roles"),
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof selectPeople>["execute"]>>[number];

const personOf = (row: Row): Person => ({
  id: row.id,
  email: row.email,
  name: row.name,
  roles: row.roles ?? [],
  state: row.disabled_at ? "disabled" : row.invited ? "invited" : "active",
  secondFactor: row.two_factor_enabled,
  since: row.created_at.toISOString(),
});

export async function listPeople(db: Kysely<IdentityTables>, own: Own): Promise<Person[]> {
  return (await selectPeople(db, own).orderBy("name").orderBy("id").limit(PEOPLE_AT_MOST).execute()).map(personOf);
}

export async function findPerson(db: Kysely<IdentityTables>, own: Own, id: string): Promise<Person | undefined> {
  const row = await selectPeople(db, own).where("id", "=", id).executeTakeFirst();
  return row && personOf(row);
}

export interface Invited {
  readonly email: string;
  readonly name: string;
  readonly organizationId: string;
  readonly roleIds: readonly string[];
  readonly tokenDigest: string;
  readonly expiresAt: Date;
}

/** Makes a person who has no password yet; undefined where the address belongs to an account of this site already. */
export async function invite(tx: Transaction<IdentityTables>, { email, name, organizationId, roleIds, tokenDigest, expiresAt }: Invited): Promise<string | undefined> {
  const made = await tx
    .insertInto("person")
    .values({ email, name, organization_id: organizationId })
    .onConflict((conflict) => conflict.column("email").doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!made) return undefined;
  await tx.insertInto("invitation").values({ person_id: made.id, token_digest: tokenDigest, expires_at: expiresAt }).execute();
  await setRoles(tx, made.id, roleIds);
  return made.id;
}

export async function setRoles(tx: Transaction<IdentityTables>, personId: string, roleIds: readonly string[]): Promise<void> {
  await tx.deleteFrom("person_role").where("person_id", "=", personId).execute();
  if (roleIds.length > 0) await tx.insertInto("person_role").values(roleIds.map((role_id) => ({ person_id: personId, role_id }))).execute();
}

/** Shuts a person out, at once: no session of theirs goes on. Or lets them in again, to sign in anew. */
export async function setDisabled(tx: Transaction<IdentityTables>, own: Own, personId: string, at: Date | null): Promise<void> {
  await tx.updateTable("person").set({ disabled_at: at }).where(own).where("id", "=", personId).execute();
  if (at) await endSessions(tx, personId);
}

/** Whether the address belongs to somebody who has a password here and may come in. */
export async function mayRecover(db: Kysely<IdentityTables>, email: string): Promise<boolean> {
  const found = await db
    .selectFrom("person")
    .innerJoin("login_account", "login_account.person_id", "person.id")
    .select("person.id")
    .where("email", "=", email)
    .where("disabled_at", "is", null)
    .where("provider_id", "=", "credential")
    .executeTakeFirst();
  return found !== undefined;
}
