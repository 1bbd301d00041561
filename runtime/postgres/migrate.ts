import { type Kysely, sql } from "kysely";
import { DatabaseError } from "./database-error.ts";
import { openDatabase } from "./pool.ts";

/** One step forward of a database's shape. Never changed once it has run anywhere; expand first, contract in a later one. */
export interface Migration {
  /** `YYYYMMDDhhmm-module-what`; the order of names is the order of running, across all modules of a site. */
  readonly name: string;
  /** Runs in a transaction of its own, together with the record that it ran. */
  up(db: Kysely<unknown>): Promise<void>;
}

interface MigrationTables {
  "migration.applied": { name: string; at?: Date };
}

const NAME = /^\d{12}(-[a-z0-9]+){2,}$/;
/** Any fixed number: the advisory lock that migrating processes of one database share. "MSMIGRAT" in ASCII. */
const LOCK = "5571305640394473812";
const LOCK_TIMEOUT = "120s";
const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Brings a database up to date as its owner and gives the names of what was run now. Safe to call from several processes at once.
 * Names that sort before ones already applied are still run: modules are written beside each other.
 * @throws DatabaseError `migration-name` · `database-newer` (it has run what this program does not know) · `migration-locked` ·
 * `migration-failed` (that one is undone, those before it stay; `cause` is PostgreSQL's error).
 */
export async function migrate(ownerUrl: string, migrations: readonly Migration[]): Promise<readonly string[]> {
  const ordered = inOrder(migrations);
  const db = openDatabase<MigrationTables>(ownerUrl, 1);
  try {
    // One connection throughout: the advisory lock belongs to the connection.
    return await db.connection().execute(async (connection) => {
      await lock(connection);
      return run(connection, ordered);
    });
  } finally {
    await db.destroy();
  }
}

function inOrder(migrations: readonly Migration[]): readonly Migration[] {
  const names = new Set<string>();
  for (const { name } of migrations) {
    if (!NAME.test(name)) {
      throw new DatabaseError("misuse", "migration-name", `migration "${name}" is not named YYYYMMDDhhmm-module-what in lowercase`, { name });
    }
    if (names.has(name)) throw new DatabaseError("misuse", "migration-name", `two migrations are named "${name}"`, { name });
    names.add(name);
  }
  return migrations.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function lock(db: Kysely<MigrationTables>): Promise<void> {
  try {
    await sql`select set_config('lock_timeout', ${LOCK_TIMEOUT}, false)`.execute(db);
    await sql`select pg_advisory_lock(${LOCK}::bigint)`.execute(db);
    await sql`select set_config('lock_timeout', '0', false)`.execute(db);
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw cause;
    throw new DatabaseError("link", "migration-locked", `another process has been migrating this database for ${LOCK_TIMEOUT}; try again when it is done`, {}, cause);
  }
}

async function run(db: Kysely<MigrationTables>, ordered: readonly Migration[]): Promise<readonly string[]> {
  // A schema of its own, on which the application role has no rights.
  await sql`create schema if not exists migration`.execute(db);
  await sql`create table if not exists migration.applied (name text primary key, at timestamptz not null default now())`.execute(db);
  const applied = new Set((await db.selectFrom("migration.applied").select("name").execute()).map((row) => row.name));
  refuseUnknown(applied, ordered);

  const now: string[] = [];
  for (const migration of ordered) {
    if (applied.has(migration.name)) continue;
    try {
      await db.transaction().execute(async (tx) => {
        await migration.up(tx as unknown as Kysely<unknown>);
        await tx.insertInto("migration.applied").values({ name: migration.name }).execute();
      });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new DatabaseError("bug", "migration-failed", `migration "${migration.name}" failed and was undone: ${why}`, { name: migration.name }, cause);
    }
    now.push(migration.name);
  }
  return now;
}

/** An older program on a newer database would write rows that the newer one no longer understands. */
function refuseUnknown(applied: ReadonlySet<string>, ordered: readonly Migration[]): void {
  const known = new Set(ordered.map((migration) => migration.name));
  const unknown = [...applied].filter((name) => !known.has(name)).toSorted();
  if (unknown.length === 0) return;
  throw new DatabaseError(
    "input",
    "database-newer",
    `the database has run migrations that this version does not know (${unknown.join(", ")}); start the newer version, or use another database`,
    { first: unknown[0] },
  );
}
