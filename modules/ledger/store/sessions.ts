import { type Kysely, sql } from "kysely";
import type { Session, SessionDetail } from "../api/contract.ts";
import type { LedgerTables, SessionReport } from "./tables.ts";

const selectSessions = (db: Kysely<LedgerTables>) =>
  db
    .selectFrom("meter_session as s")
    .innerJoin("meter as m", "m.id", "s.meter_id")
    .leftJoin("library_program as p", "p.id", "s.library_program_id")
    .select([
      "s.id as key",
      "s.public_id as id",
      "m.public_id as meterId",
      "m.serial",
      "s.kind",
      "s.state",
      "s.waits_for",
      "s.progress",
      "s.requested_at",
      "s.requested_by",
      "s.started_at",
      "s.ended_at",
      "s.reason",
      "s.report",
      "p.public_id as programId",
      "p.code",
      "p.version",
      "p.digest",
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof selectSessions>["execute"]>>[number];

const sessionOf = (row: Row): Session => ({
  id: row.id,
  meterId: row.meterId,
  serial: row.serial,
  kind: row.kind,
  program:
    row.programId === null || row.code === null || row.version === null || row.digest === null
      ? null
      : { id: row.programId, code: row.code, version: row.version, digest: row.digest },
  state: row.state,
  waitsFor: row.waits_for,
  progress: row.progress,
  requestedAt: row.requested_at.toISOString(),
  requestedBy: row.requested_by,
  startedAt: row.started_at?.toISOString() ?? null,
  endedAt: row.ended_at?.toISOString() ?? null,
  reason: row.reason,
});

/** Newest first, of one meter or of all. */
export async function listSessions(db: Kysely<LedgerTables>, limit: number, afterKey?: string, meterId?: string): Promise<Session[]> {
  let query = selectSessions(db).orderBy("s.id", "desc").limit(limit);
  if (meterId !== undefined) query = query.where("m.public_id", "=", meterId);
  if (afterKey !== undefined) query = query.where("s.id", "<", afterKey);
  return (await query.execute()).map(sessionOf);
}

const noReport: SessionReport = { changes: [], written: [], mismatches: [], liveState: [] };

export async function findSession(db: Kysely<LedgerTables>, id: string): Promise<SessionDetail | undefined> {
  const row = await selectSessions(db).where("s.public_id", "=", id).executeTakeFirst();
  if (!row) return undefined;
  const steps = await db.selectFrom("session_step").select(["at", "text"]).where("session_id", "=", row.key).orderBy("id").execute();
  const tables = await db
    .selectFrom("read_back")
    .select(["table_number", "name", "digest", sql<number>`length(bytes)`.as("octets")])
    .where("session_id", "=", row.key)
    .orderBy("table_number")
    .execute();
  return {
    ...sessionOf(row),
    ...(row.report ?? noReport),
    steps: steps.map(({ at, text }) => ({ at: at.toISOString(), text })),
    readBack: tables.map(({ table_number: table, name, octets, digest }) => ({ table, name, octets, digest })),
  };
}
