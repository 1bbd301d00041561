import { sql, type Transaction } from "kysely";
import { fromKysely, type PgBoss } from "pg-boss";
import type { LedgerTables } from "./tables.ts";

export const SESSION_QUEUE = "meter-sessions";

export interface SessionJob {
  readonly session: string;
}

/**
 * Asks for a session: its record and its job are in the one transaction of who asks, so that what was accepted happens, and nothing else does.
 * Undefined where the meter already has one waiting or running.
 */
export async function requestSession(
  tx: Transaction<LedgerTables>,
  jobs: PgBoss,
  request: { readonly meterKey: string; readonly programKey: string | null; readonly by: string },
): Promise<string | undefined> {
  const row = await tx
    .insertInto("meter_session")
    .values({
      meter_id: request.meterKey,
      kind: request.programKey === null ? "read" : "program",
      library_program_id: request.programKey,
      waits_for: "a free line to the meter",
      requested_by: request.by,
    })
    .onConflict((conflict) => conflict.columns(["meter_id"]).where(sql<boolean>`state in ('waiting', 'running')`).doNothing())
    .returning("public_id")
    .executeTakeFirst();
  if (!row) return undefined;
  await sendJob(jobs, tx, row.public_id);
  return row.public_id;
}

/** Waiting sessions looked at in one go: whose job was lost has waited longest. */
const OLDEST = 50;

/** One queued job a session, however often it is asked for. */
function sendJob(jobs: PgBoss, tx: Transaction<LedgerTables>, session: string): Promise<string | null> {
  return jobs.send(SESSION_QUEUE, { session } satisfies SessionJob, { singletonKey: session, db: fromKysely(tx) });
}

/**
 * Running sessions that nobody holds wait again: the site died in their middle, or could not store how they ended. Programming compares
 * first, so it finishes what was begun. Gives their ids.
 * @param held sessions that this process works on at this moment; one process serves a site.
 */
export async function restartInterrupted(tx: Transaction<LedgerTables>, at: Date, held: ReadonlySet<string>): Promise<readonly string[]> {
  let query = tx
    .updateTable("meter_session")
    .set({ state: "waiting", waits_for: "a free line to the meter, after the site stopped in its middle", progress: null })
    .where("state", "=", "running");
  if (held.size > 0) query = query.where("public_id", "not in", [...held]);
  const interrupted = await query.returning(["id", "public_id"]).execute();
  for (const { id } of interrupted) {
    const text = "the site stopped in the middle; the session starts again and compares first";
    await tx.insertInto("session_step").values({ session_id: id, at, text }).execute();
  }
  return interrupted.map(({ public_id }) => public_id);
}

/** Offers waiting sessions to the workers again, whose job was lost with its connection to the database. One still queued is not asked for twice. */
export async function offerWaiting(tx: Transaction<LedgerTables>, jobs: PgBoss, held: ReadonlySet<string>): Promise<void> {
  const waiting = await tx.selectFrom("meter_session").select("public_id").where("state", "=", "waiting").orderBy("id").limit(OLDEST).execute();
  for (const { public_id: session } of waiting) if (!held.has(session)) await sendJob(jobs, tx, session);
}
