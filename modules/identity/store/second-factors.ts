import type { Kysely, Transaction } from "kysely";
import type { OwnSignIn } from "../api/contract.ts";
import type { IdentityTables } from "./tables.ts";

/** Longer than a code by time is taken: its own 30 s and the steps before and after it. */
const REMEMBERED_MS = 5 * 60_000;

/** Notes that a code was used; false where it was before. */
export async function useCode(db: Kysely<IdentityTables>, personId: string, codeDigest: string, now: number): Promise<boolean> {
  await db.deleteFrom("used_code").where("used_at", "<", new Date(now - REMEMBERED_MS)).execute();
  const noted = await db
    .insertInto("used_code")
    .values({ person_id: personId, code_digest: codeDigest, used_at: new Date(now) })
    .onConflict((conflict) => conflict.doNothing())
    .returning("person_id")
    .executeTakeFirst();
  return noted !== undefined;
}

/** Of one whose device is lost: both second factor and passkeys go, to be set up anew. */
export async function removeFactors(tx: Transaction<IdentityTables>, personId: string): Promise<void> {
  await tx.deleteFrom("second_factor").where("person_id", "=", personId).execute();
  await tx.deleteFrom("passkey").where("person_id", "=", personId).execute();
  await tx.updateTable("person").set({ two_factor_enabled: false }).where("id", "=", personId).execute();
}

/** How a person signs in beside the password. */
export async function listPasskeys(db: Kysely<IdentityTables>, personId: string): Promise<OwnSignIn> {
  const person = await db.selectFrom("person").select("two_factor_enabled").where("id", "=", personId).executeTakeFirst();
  const rows = await db.selectFrom("passkey").select(["id", "name", "created_at"]).where("person_id", "=", personId).orderBy("created_at").execute();
  return {
    secondFactor: person?.two_factor_enabled ?? false,
    passkeys: rows.map(({ id, name, created_at }) => ({ id, name: name ?? "", since: created_at.toISOString() })),
  };
}

/** Whether it was this person's, and is gone. */
export async function removePasskey(tx: Transaction<IdentityTables>, personId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom("passkey").where("person_id", "=", personId).where("id", "=", id).executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}
