import type { Subject } from "@metersmith/site/action";
import { actFor } from "@metersmith/site/work";
import { sql, type Transaction } from "kysely";
import type { IdentityTables } from "./tables.ts";

/**
 * Whom a refused sign-in was for, and their organization made that of the transaction. An address that no account has is not kept: people
 * type passwords into the wrong field.
 */
export async function refusedSubject(tx: Transaction<IdentityTables>, email: string): Promise<Subject> {
  await sql`select set_config('metersmith.purpose', 'sign-in', true)`.execute(tx);
  const known = await tx.selectFrom("person").select(["id", "email", "organization_id"]).where("email", "=", email.toLowerCase()).executeTakeFirst();
  await sql`select set_config('metersmith.purpose', '', true)`.execute(tx);
  if (!known) return { kind: "person", id: "unknown" };
  await actFor(tx, known.organization_id);
  return { kind: "person", id: known.id, name: known.email };
}
