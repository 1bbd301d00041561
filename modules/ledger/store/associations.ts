import { type Kysely, sql } from "kysely";
import type { Association } from "../api/contract.ts";
import type { LedgerTables } from "./tables.ts";

/** Newest first; of one meter or of all; only those in force where `current`. */
export async function listAssociations(
  db: Kysely<LedgerTables>,
  limit: number,
  filter: { readonly afterKey?: string | undefined; readonly meterId?: string | undefined; readonly current?: boolean | undefined },
): Promise<Association[]> {
  let query = db
    .selectFrom("association as a")
    .innerJoin("meter as m", "m.id", "a.meter_id")
    .innerJoin("library_program as p", "p.id", "a.library_program_id")
    .innerJoin("meter_session as s", "s.id", "a.session_id")
    .select([
      "a.public_id as id",
      "m.public_id as meterId",
      "m.serial",
      "p.public_id as programId",
      "p.code",
      "p.version",
      "p.name",
      "p.digest",
      "a.from_at",
      "a.to_at",
      "a.known_by",
      "a.by_whom",
      "s.public_id as sessionId",
    ])
    .orderBy("a.id", "desc")
    .limit(limit);
  const { afterKey, meterId, current } = filter;
  if (afterKey !== undefined) query = query.where("a.id", "<", afterKey);
  if (meterId !== undefined) query = query.where("m.public_id", "=", meterId);
  if (current) query = query.where("a.to_at", "is", null);
  return (await query.execute()).map((row) => ({
    id: row.id,
    meterId: row.meterId,
    serial: row.serial,
    program: { id: row.programId, code: row.code, version: row.version, name: row.name, digest: row.digest },
    from: row.from_at.toISOString(),
    to: row.to_at?.toISOString() ?? null,
    knownBy: row.known_by,
    by: row.by_whom,
    sessionId: row.sessionId,
  }));
}

/** From `at` on it is not known what the meter runs. */
export async function endAssociation(tx: Kysely<LedgerTables>, meterKey: string, at: Date): Promise<void> {
  await tx
    .updateTable("association")
    .set({ to_at: sql<Date>`greatest(from_at, ${at})` })
    .where("meter_id", "=", meterKey)
    .where("to_at", "is", null)
    .execute();
}

/**
 * Records that a program runs on a meter from `from` on. What ran before ends there; the same program found again changes
 * nothing, its association goes on. Call it in the transaction that stores the evidence.
 */
export async function associate(
  tx: Kysely<LedgerTables>,
  fact: {
    readonly meterKey: string;
    readonly programKey: string;
    readonly from: Date;
    readonly knownBy: Association["knownBy"];
    readonly by: string;
    readonly sessionKey: string;
  },
): Promise<void> {
  const open = await tx
    .selectFrom("association")
    .select(["id", "library_program_id", "from_at"])
    .where("meter_id", "=", fact.meterKey)
    .where("to_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
  if (open?.library_program_id === fact.programKey) return;
  // Two clocks may disagree by a little; history never runs backwards.
  const from = open && open.from_at > fact.from ? open.from_at : fact.from;
  if (open) await tx.updateTable("association").set({ to_at: from }).where("id", "=", open.id).execute();
  await tx
    .insertInto("association")
    .values({
      meter_id: fact.meterKey,
      library_program_id: fact.programKey,
      from_at: sql<Date>`${from}`,
      to_at: null,
      known_by: fact.knownBy,
      by_whom: fact.by,
      session_id: fact.sessionKey,
    })
    .execute();
}
