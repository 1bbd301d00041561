import type { Kysely, Transaction } from "kysely";
import type { LoginSession } from "../api/contract.ts";
import type { IdentityTables } from "./tables.ts";

/** Where a person is signed in, the newest first. `current` is the session that asks. */
export async function listSessions(db: Kysely<IdentityTables>, personId: string, current: string | undefined, now: number): Promise<LoginSession[]> {
  const rows = await db
    .selectFrom("login_session")
    .select(["id", "created_at", "expires_at", "ip_address", "user_agent"])
    .where("person_id", "=", personId)
    .where("expires_at", ">", new Date(now))
    .orderBy("created_at", "desc")
    .limit(200)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    since: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    address: row.ip_address,
    agent: row.user_agent,
    current: row.id === current,
  }));
}

/** Ends one session of a person, or all but one, or all; how many there were. */
export async function endSessions(
  tx: Transaction<IdentityTables>,
  personId: string,
  which: { readonly only: string } | { readonly except: string } | "all" = "all",
): Promise<number> {
  let ending = tx.deleteFrom("login_session").where("person_id", "=", personId);
  if (which !== "all") ending = "only" in which ? ending.where("id", "=", which.only) : ending.where("id", "!=", which.except);
  const { numDeletedRows } = await ending.executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
