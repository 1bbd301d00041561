import type { Generated, GeneratedAlways, JSONColumnType } from "kysely";
import type { Association, SessionDetail } from "../api/contract.ts";

/** What a session found, as its evidence keeps it. */
export type SessionReport = Pick<SessionDetail, "changes" | "written" | "mismatches" | "liveState">;

export type SessionState = SessionDetail["state"];

export interface LedgerTables {
  meter_session: {
    id: GeneratedAlways<string>;
    public_id: GeneratedAlways<string>;
    meter_id: string;
    kind: SessionDetail["kind"];
    library_program_id: string | null;
    state: Generated<SessionState>;
    waits_for: string | null;
    progress: JSONColumnType<NonNullable<SessionDetail["progress"]>> | null;
    requested_at: Generated<Date>;
    requested_by: string;
    started_at: Date | null;
    ended_at: Date | null;
    reason: string | null;
    report: JSONColumnType<SessionReport> | null;
  };
  session_step: { id: GeneratedAlways<string>; session_id: string; at: Date; text: string };
  read_back: { session_id: string; table_number: number; name: string; bytes: Buffer; digest: string };
  association: {
    id: GeneratedAlways<string>;
    public_id: GeneratedAlways<string>;
    meter_id: string;
    library_program_id: string;
    from_at: Date;
    to_at: Date | null;
    known_by: Association["knownBy"];
    by_whom: string;
    session_id: string;
  };
  /** Owned by the registry and the library; read here only to name meters and programs in history. */
  meter: { id: GeneratedAlways<string>; public_id: GeneratedAlways<string>; serial: string };
  library_program: {
    id: GeneratedAlways<string>;
    public_id: GeneratedAlways<string>;
    code: string;
    version: number;
    name: string;
    digest: string;
  };
}
