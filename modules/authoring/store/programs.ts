import { type Expression, type Generated, type GeneratedAlways, type JSONColumnType, type Kysely, type Selectable, sql, type SqlBool, type Transaction } from "kysely";
import type { ProgramDetail, ProgramDocument, ProgramSummary } from "../api/contract.ts";

export interface AuthoringTables {
  program: {
    id: GeneratedAlways<string>;
    public_id: GeneratedAlways<string>;
    organization_id: Generated<string>;
    code: string;
    version: number;
    name: string;
    device_type: string;
    tariff_name: string;
    tariff_file: string;
    digest: string;
    document: JSONColumnType<ProgramDocument>;
    report: JSONColumnType<ProgramDetail["report"]>;
    created_at: Generated<Date>;
    created_by: string;
  };
}

const summaryColumns = ["public_id", "code", "version", "name", "device_type", "tariff_name", "tariff_file", "digest", "created_at", "created_by"] as const;

/** Which rows are the asking organization's: `request.ownRows()`. */
type Own = Expression<SqlBool>;

type SummaryRow = Pick<Selectable<AuthoringTables["program"]>, (typeof summaryColumns)[number]>;

const summaryOf = (row: SummaryRow): ProgramSummary => ({
  id: row.public_id,
  code: row.code,
  version: row.version,
  name: row.name,
  deviceType: row.device_type,
  tariffName: row.tariff_name,
  tariffFile: row.tariff_file,
  digest: row.digest,
  createdAt: row.created_at.toISOString(),
  createdBy: row.created_by,
});

/** Newest first, `limit` at most, those made before the one whose key is given. */
export async function listPrograms(db: Kysely<AuthoringTables>, own: Own, limit: number, afterKey?: string): Promise<ProgramSummary[]> {
  let query = db.selectFrom("program").where(own).select(summaryColumns).orderBy("id", "desc").limit(limit);
  if (afterKey !== undefined) query = query.where("id", "<", afterKey);
  return (await query.execute()).map(summaryOf);
}

export async function findProgram(db: Kysely<AuthoringTables>, own: Own, id: string): Promise<ProgramDetail | undefined> {
  const row = await db.selectFrom("program").where(own).select([...summaryColumns, "document", "report"]).where("public_id", "=", id).executeTakeFirst();
  return row && { ...summaryOf(row), document: row.document, report: row.report };
}

/**
 * Runs `make` with the next version number of a code and stores what it gives. Two authors of one code of one organization wait for each other,
 * so that no number is used twice and none is skipped.
 */
export async function addProgramVersion(
  tx: Transaction<AuthoringTables>,
  { organizationId, code, createdBy }: { readonly organizationId: string; readonly code: string; readonly createdBy: string },
  make: (version: number) => { document: ProgramDocument; report: ProgramDetail["report"] },
): Promise<ProgramDetail> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`program ${organizationId} ${code}`}, 0))`.execute(tx);
  const last = await tx.selectFrom("program").select((eb) => eb.fn.max("version").as("version")).where("organization_id", "=", organizationId).where("code", "=", code).executeTakeFirst();
  const { document, report } = make((last?.version ?? 0) + 1);
  const row = await tx
    .insertInto("program")
    .values({
      organization_id: organizationId,
      code,
      version: document.version,
      name: document.name,
      device_type: document.deviceType.id,
      tariff_name: document.tariff.name,
      tariff_file: document.tariff.file,
      digest: document.build.digest,
      document: JSON.stringify(document),
      report: JSON.stringify(report),
      created_by: createdBy,
    })
    .returning(summaryColumns)
    .executeTakeFirstOrThrow();
  return { ...summaryOf(row), document, report };
}
