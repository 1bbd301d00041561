import { type Kysely, sql } from "kysely";
import { fromKysely, type PgBoss } from "pg-boss";
import type { LedgerTables } from "./tables.ts";

export const SESSION_QUEUE = "meter-session";

export interface SessionJob {
  readonly session: string;
}

/**
 * Asks for a session: its record and its job are one transaction, so that what was accepted happens, and nothing else does.
 * Undefined where the meter already has one waiting or running.
 */
export function requestSession(
  db: Kysely<LedgerTables>,
  jobs: PgBoss,
  request: { readonly meterKey: string; readonly programKey: string | null; readonly by: string },
): Promise<string | undefined> {
  return db.transaction().execute(async (tx) => {
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
    await jobs.send(SESSION_QUEUE, { session: row.public_id } satisfies SessionJob, { db: fromKysely(tx) });
    return row.public_id;
  });
}

/**
 * Sessions that the site left open when it died start again: programming compares first, so it finishes what was begun. A waiting
 * one is asked for again too, since its job may have been handed out and lost; a second job for it finds nothing to take.
 * Call it before the worker starts; gives how many.
 */
export function restartInterrupted(db: Kysely<LedgerTables>, jobs: PgBoss, at: Date): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const interrupted = await tx
      .updateTable("meter_session")
      .set({ state: "waiting", waits_for: "a free line to the meter, after the site stopped in its middle", progress: null })
      .where("state", "=", "running")
      .returning("id")
      .execute();
    for (const { id } of interrupted) {
      const text = "the site stopped in the middle; the session starts again and compares first";
      await tx.insertInto("session_step").values({ session_id: id, at, text }).execute();
    }
    const waiting = await tx.selectFrom("meter_session").select("public_id").where("state", "=", "waiting").orderBy("id").execute();
    for (const { public_id: session } of waiting) await jobs.send(SESSION_QUEUE, { session } satisfies SessionJob, { db: fromKysely(tx) });
    return waiting.length;
  });
}
