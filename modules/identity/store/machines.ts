import { type Expression, type Kysely, sql, type SqlBool, type Transaction } from "kysely";
import type { Machine } from "../api/contract.ts";
import type { IdentityTables } from "./tables.ts";

type Own = Expression<SqlBool>;

const MACHINES_AT_MOST = 1000;

export async function listMachines(db: Kysely<IdentityTables>, own: Own, now: number, id?: string): Promise<Machine[]> {
  let asked = db
    .selectFrom("machine")
    .where(own)
    .select((eb) => [
      "id",
      "name",
      "disabled_at",
      "created_at",
      eb
        .selectFrom("machine_role")
        .innerJoin("role", "role.id", "machine_role.role_id")
        .whereRef("machine_role.machine_id", "=", "machine.id")
        .select(sql<string[]>`coalesce(array_agg(role.name order by role.name), '{}')`.as("roles"))
        .as("roles"),
    ])
    .orderBy("name")
    .limit(MACHINES_AT_MOST);
  if (id !== undefined) asked = asked.where("id", "=", id);
  const rows = await asked.execute();
  const ids = rows.map((row) => row.id);
  const keys = ids.length === 0 ? [] : await db.selectFrom("machine_key").selectAll().where("machine_id", "in", ids).where(goodAt(now)).orderBy("id").execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    roles: row.roles ?? [],
    state: row.disabled_at ? "disabled" : "active",
    since: row.created_at.toISOString(),
    keys: keys
      .filter((key) => key.machine_id === row.id)
      .map((key) => ({ id: key.id, thumbprint: key.thumbprint, since: key.created_at.toISOString(), expiresAt: key.expires_at?.toISOString() ?? null })),
  }));
}

const goodAt = (now: number) => sql<SqlBool>`(${sql.ref("machine_key.expires_at")} is null or ${sql.ref("machine_key.expires_at")} > ${new Date(now)})`;

export interface NewKey {
  /** `x` of the public key as a JWK. */
  readonly publicKey: string;
  readonly thumbprint: string;
}

/** Undefined where the organization has a machine of this name. */
export async function addMachine(tx: Transaction<IdentityTables>, organizationId: string, name: string, roleIds: readonly string[]): Promise<string | undefined> {
  const made = await tx.insertInto("machine").values({ organization_id: organizationId, name }).onConflict((conflict) => conflict.doNothing()).returning("id").executeTakeFirst();
  if (made) await setMachineRoles(tx, made.id, roleIds);
  return made?.id;
}

export async function setMachineRoles(tx: Transaction<IdentityTables>, machineId: string, roleIds: readonly string[]): Promise<void> {
  await tx.deleteFrom("machine_role").where("machine_id", "=", machineId).execute();
  if (roleIds.length > 0) await tx.insertInto("machine_role").values(roleIds.map((role_id) => ({ machine_id: machineId, role_id }))).execute();
  await endTokens(tx, machineId);
}

/** False where the key is in use already, by whichever machine. Keys before it go on until `overlapsUntil`. */
export async function addKey(tx: Transaction<IdentityTables>, machineId: string, { publicKey, thumbprint }: NewKey, overlapsUntil: Date): Promise<boolean> {
  await tx
    .updateTable("machine_key")
    .set({ expires_at: overlapsUntil })
    .where("machine_id", "=", machineId)
    .where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", overlapsUntil)]))
    .execute();
  const made = await tx
    .insertInto("machine_key")
    .values({ machine_id: machineId, public_key: publicKey, thumbprint, expires_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return made !== undefined;
}

/** At once: what it signed counts no more, and the tokens that it brought go. */
export async function revokeKey(tx: Transaction<IdentityTables>, machineId: string, keyId: string, now: number): Promise<boolean> {
  const revoked = await tx
    .updateTable("machine_key")
    .set({ expires_at: new Date(now) })
    .where("machine_id", "=", machineId)
    .where("id", "=", keyId)
    .where(goodAt(now))
    .returning("id")
    .executeTakeFirst();
  if (!revoked) return false;
  await tx.deleteFrom("machine_token").where("key_id", "=", keyId).execute();
  return true;
}

export async function setMachineDisabled(tx: Transaction<IdentityTables>, own: Own, machineId: string, at: Date | null): Promise<void> {
  await tx.updateTable("machine").set({ disabled_at: at }).where(own).where("id", "=", machineId).execute();
  await endTokens(tx, machineId);
}

async function endTokens(tx: Transaction<IdentityTables>, machineId: string): Promise<void> {
  await tx.deleteFrom("machine_token").where("machine_id", "=", machineId).execute();
}
