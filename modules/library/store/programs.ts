import type { Generated, GeneratedAlways, JSONColumnType, Kysely, Selectable } from "kysely";
import type { ProgramDocument } from "../../authoring/api/contract.ts";
import type { LibraryProgram, LibraryProgramDetail, LibraryPrograms } from "../api/contract.ts";

export interface LibraryTables {
  library_program: {
    id: GeneratedAlways<string>;
    public_id: GeneratedAlways<string>;
    code: string;
    version: number;
    name: string;
    device_type: string;
    tariff_name: string;
    digest: string;
    document: JSONColumnType<ProgramDocument>;
    report: JSONColumnType<LibraryProgramDetail["report"]>;
    received_at: Generated<Date>;
    received_by: string;
  };
}

const columns = ["public_id", "code", "version", "name", "device_type", "tariff_name", "digest", "received_at", "received_by"] as const;

type Row = Pick<Selectable<LibraryTables["library_program"]>, (typeof columns)[number]>;

const libraryProgramOf = (row: Row): LibraryProgram => ({
  id: row.public_id,
  code: row.code,
  version: row.version,
  name: row.name,
  deviceType: row.device_type,
  tariffName: row.tariff_name,
  digest: row.digest,
  receivedAt: row.received_at.toISOString(),
  receivedBy: row.received_by,
});

/** Newest first, `limit` at most, those received before the one whose key is given. */
export async function listLibrary(db: Kysely<LibraryTables>, limit: number, afterKey?: string): Promise<LibraryProgram[]> {
  let query = db.selectFrom("library_program").select(columns).orderBy("id", "desc").limit(limit);
  if (afterKey !== undefined) query = query.where("id", "<", afterKey);
  return (await query.execute()).map(libraryProgramOf);
}

export async function findLibraryProgram(db: Kysely<LibraryTables>, id: string): Promise<LibraryProgramDetail | undefined> {
  const row = await db
    .selectFrom("library_program")
    .select([...columns, "document", "report"])
    .where("public_id", "=", id)
    .executeTakeFirst();
  return row && { ...libraryProgramOf(row), document: row.document, report: row.report };
}

/** Stores a verified document once: the same document again is not an error, another content for its version is undefined. */
export async function receiveProgram(
  db: Kysely<LibraryTables>,
  document: ProgramDocument,
  report: LibraryProgramDetail["report"],
  receivedBy: string,
): Promise<LibraryProgram | undefined> {
  await db
    .insertInto("library_program")
    .values({
      code: document.code,
      version: document.version,
      name: document.name,
      device_type: document.deviceType.id,
      tariff_name: document.tariff.name,
      digest: document.build.digest,
      document: JSON.stringify(document),
      report: JSON.stringify(report),
      received_by: receivedBy,
    })
    .onConflict((conflict) => conflict.columns(["code", "version"]).doNothing())
    .execute();
  const row = await db
    .selectFrom("library_program")
    .select([...columns, "document"])
    .where("code", "=", document.code)
    .where("version", "=", document.version)
    .executeTakeFirstOrThrow();
  return row.document.digest === document.digest ? libraryProgramOf(row) : undefined;
}

/** What the library offers to other modules of its site. */
export const libraryPrograms: LibraryPrograms = {
  async find(db, id) {
    const row = await (db as Kysely<LibraryTables>)
      .selectFrom("library_program")
      .select(["id", "document"])
      .where("public_id", "=", id)
      .executeTakeFirst();
    return row && { key: row.id, id, document: row.document };
  },
  async findByMark(db, deviceType, mark) {
    const rows = await (db as Kysely<LibraryTables>)
      .selectFrom("library_program")
      .select(["id", "public_id", "document"])
      .where("device_type", "=", deviceType)
      .where("digest", "like", `sha256:${mark}%`)
      .limit(2)
      .execute();
    const [row] = rows;
    return rows.length === 1 && row ? { key: row.id, id: row.public_id, document: row.document } : undefined;
  },
};
