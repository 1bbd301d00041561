import type { Principal } from "@metersmith/site/principal";
import { actFor } from "@metersmith/site/work";
import { type Kysely, sql, type SqlBool, type Transaction } from "kysely";
import type { IdentityTables } from "./tables.ts";

export interface SigningMachine {
  readonly id: string;
  readonly name: string;
  readonly organizationId: string;
  readonly keyId: string;
  /** `x` of the JWK. */
  readonly publicKey: string;
}

/** The machine and key of a thumbprint, where both may sign now. */
export async function signingMachine(db: Kysely<IdentityTables>, machineId: string, thumbprint: string, now: number): Promise<SigningMachine | undefined> {
  const row = await db
    .selectFrom("machine_key")
    .innerJoin("machine", "machine.id", "machine_key.machine_id")
    .select(["machine.id", "machine.name", "machine.organization_id", "machine_key.id as key_id", "public_key"])
    .where("machine.id", "=", machineId)
    .where("thumbprint", "=", thumbprint)
    .where("disabled_at", "is", null)
    .where(sql<SqlBool>`(expires_at is null or expires_at > ${new Date(now)})`)
    .executeTakeFirst();
  return row && { id: row.id, name: row.name, organizationId: row.organization_id, keyId: row.key_id, publicKey: row.public_key };
}

/** Takes what a machine signed for a token, once. False where this was taken before. The transaction is the machine's organization's from here on. */
export async function exchange(
  tx: Transaction<IdentityTables>,
  { id, keyId, organizationId }: SigningMachine,
  { jtiDigest, signedUntil, tokenDigest, expiresAt, now }: { readonly jtiDigest: string; readonly signedUntil: Date; readonly tokenDigest: string; readonly expiresAt: Date; readonly now: number },
): Promise<boolean> {
  await sql`select set_config('metersmith.purpose', 'sign-in', true)`.execute(tx);
  await tx.deleteFrom("machine_assertion").where("expires_at", "<", new Date(now)).execute();
  await tx.deleteFrom("machine_token").where("expires_at", "<", new Date(now)).execute();
  const taken = await tx
    .insertInto("machine_assertion")
    .values({ machine_id: id, jti_digest: jtiDigest, expires_at: signedUntil })
    .onConflict((conflict) => conflict.doNothing())
    .returning("machine_id")
    .executeTakeFirst();
  if (!taken) return false;
  await tx.insertInto("machine_token").values({ token_digest: tokenDigest, machine_id: id, key_id: keyId, expires_at: expiresAt }).execute();
  await sql`select set_config('metersmith.purpose', '', true)`.execute(tx);
  await actFor(tx, organizationId);
  return true;
}

/** Whose token this is, and what they may do; undefined where it is nobody's, or nobody's any more. */
export async function machineOf(db: Kysely<IdentityTables>, tokenDigest: string, now: number): Promise<Principal | undefined> {
  const rows = await db
    .selectFrom("machine_token")
    .innerJoin("machine", "machine.id", "machine_token.machine_id")
    .innerJoin("machine_key", "machine_key.id", "machine_token.key_id")
    .innerJoin("organization", "organization.id", "machine.organization_id")
    .leftJoin("machine_role", "machine_role.machine_id", "machine.id")
    .leftJoin("role", "role.id", "machine_role.role_id")
    .leftJoin("role_permission", "role_permission.role_id", "role.id")
    .where("token_digest", "=", tokenDigest)
    .where("machine_token.expires_at", ">", new Date(now))
    .where(sql<SqlBool>`(machine_key.expires_at is null or machine_key.expires_at > ${new Date(now)})`)
    .where("machine.disabled_at", "is", null)
    .select(["machine.id", "machine.name", "role.name as role", "permission", "organization.id as organization", "organization.name as organization_name", "is_owner"])
    .execute();
  const [first] = rows;
  if (!first) return undefined;
  return {
    kind: "machine",
    id: first.id,
    email: first.name,
    name: first.name,
    roles: [...new Set(rows.flatMap(({ role }) => role ?? []))],
    permissions: new Set(rows.flatMap(({ permission }) => permission ?? [])),
    organization: { id: first.organization, name: first.organization_name, owner: first.is_owner },
  };
}
