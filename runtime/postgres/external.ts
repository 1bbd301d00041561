import pg from "pg";
import { DatabaseError } from "./database-error.ts";
import type { PostgresServer } from "./embedded.ts";

/** `server_version_num` of the oldest release whose functions our migrations call (`uuidv7`). */
const OLDEST = 180_000;

/**
 * Somebody else's PostgreSQL, by a URL whose role may create databases and roles.
 * @throws DatabaseError `unreachable` · `cluster-version`
 */
export async function useExternalPostgres(url: string): Promise<PostgresServer> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number }>("select current_setting('server_version_num')::int as version");
    const version = rows[0]?.version ?? 0;
    if (version < OLDEST) {
      throw new DatabaseError("input", "cluster-version", `DATABASE_URL leads to PostgreSQL ${Math.floor(version / 10_000)}; 18 or newer is needed`, { actual: version });
    }
  } catch (cause) {
    if (cause instanceof DatabaseError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseError("link", "unreachable", `the PostgreSQL of DATABASE_URL does not let us in: ${why}`, {}, cause);
  } finally {
    await client.end().catch(() => undefined);
  }
  return { adminUrl: url, how: "external", stop: async () => undefined };
}
