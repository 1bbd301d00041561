import { digestOf } from "@metersmith/base/digest";
import type { Kysely, Transaction } from "kysely";
import type { Session } from "../api/contract.ts";
import { associate, endAssociation } from "./associations.ts";
import type { LedgerTables, SessionReport, SessionState } from "./tables.ts";

/** A session taken by a worker. */
export interface TakenSession {
  readonly key: string;
  readonly id: string;
  readonly meterKey: string;
  readonly meterId: string;
  readonly kind: Session["kind"];
  readonly programKey: string | null;
  readonly programId: string | null;
  readonly requestedBy: string;
}

/** Moves a waiting session to running; undefined where it is not waiting (a job delivered twice does nothing twice). */
export async function takeSession(db: Kysely<LedgerTables>, id: string, at: Date): Promise<TakenSession | undefined> {
  const taken = await db
    .updateTable("meter_session")
    .set({ state: "running", waits_for: null, started_at: at })
    .where("public_id", "=", id)
    .where("state", "=", "waiting")
    .returning(["id", "meter_id", "library_program_id", "kind", "requested_by"])
    .executeTakeFirst();
  if (!taken) return undefined;
  const meter = await db.selectFrom("meter").select("public_id").where("id", "=", taken.meter_id).executeTakeFirstOrThrow();
  const program =
    taken.library_program_id === null
      ? undefined
      : await db.selectFrom("library_program").select("public_id").where("id", "=", taken.library_program_id).executeTakeFirstOrThrow();
  return {
    key: taken.id,
    id,
    meterKey: taken.meter_id,
    meterId: meter.public_id,
    kind: taken.kind,
    programKey: taken.library_program_id,
    programId: program?.public_id ?? null,
    requestedBy: taken.requested_by,
  };
}

export async function recordStep(
  db: Kysely<LedgerTables>,
  key: string,
  at: Date,
  text: string,
  progress: { readonly step: string; readonly done: number; readonly total: number },
): Promise<void> {
  await db.insertInto("session_step").values({ session_id: key, at, text }).execute();
  await db.updateTable("meter_session").set({ progress: JSON.stringify(progress) }).where("id", "=", key).execute();
}

export interface SessionEnd {
  readonly state: Exclude<SessionState, "waiting" | "running">;
  readonly at: Date;
  readonly reason: string | null;
  readonly report: SessionReport | null;
  readonly readBack: readonly { readonly table: number; readonly name: string; readonly bytes: Uint8Array }[];
  readonly runs: RunningProgram;
}

/** What a session found out about the program that its meter runs: one of the library's, something else, or nothing new. */
export type RunningProgram = { readonly kind: "program"; readonly programKey: string } | { readonly kind: "unknown" | "as-before" };

/** Ends a session with its evidence and what it says of the association: all or nothing. */
export async function endSession(
  tx: Transaction<LedgerTables>,
  session: TakenSession,
  end: SessionEnd,
): Promise<void> {
  await tx.deleteFrom("read_back").where("session_id", "=", session.key).execute();
  if (end.readBack.length > 0) {
    await tx
      .insertInto("read_back")
      .values(
        end.readBack.map(({ table, name, bytes }) => ({
          session_id: session.key,
          table_number: table,
          name,
          bytes: Buffer.from(bytes),
          digest: digestOf(bytes),
        })),
      )
      .execute();
  }
  await tx
    .updateTable("meter_session")
    .set({ state: end.state, ended_at: end.at, reason: end.reason, progress: null, report: end.report && JSON.stringify(end.report) })
    .where("id", "=", session.key)
    .execute();
  if (end.runs.kind === "unknown") await endAssociation(tx, session.meterKey, end.at);
  if (end.runs.kind === "program") {
    await associate(tx, {
      meterKey: session.meterKey,
      programKey: end.runs.programKey,
      from: end.at,
      knownBy: "read back",
      by: session.requestedBy,
      sessionKey: session.key,
    });
  }
}

/** The tables that the newest session with evidence read back from a meter. */
export async function newestReadBack(
  db: Kysely<LedgerTables>,
  meterId: string,
): Promise<{ readonly readAt: Date; readonly tables: ReadonlyMap<number, { readonly bytes: Uint8Array; readonly digest: string }> } | undefined> {
  const session = await db
    .selectFrom("meter_session as s")
    .innerJoin("meter as m", "m.id", "s.meter_id")
    .select(["s.id", "s.ended_at"])
    .where("m.public_id", "=", meterId)
    .where("s.state", "in", ["verified", "read"])
    .orderBy("s.id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (!session?.ended_at) return undefined;
  const rows = await db.selectFrom("read_back").select(["table_number", "bytes", "digest"]).where("session_id", "=", session.id).execute();
  return {
    readAt: session.ended_at,
    tables: new Map(rows.map((row) => [row.table_number, { bytes: Uint8Array.from(row.bytes), digest: row.digest }])),
  };
}
