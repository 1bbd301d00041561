import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";

/** Object identifiers of the PostgreSQL types that are read otherwise than `pg` does by default (catalogue `pg_type`). */
const DATE = 1082;

const asText = (value: string): string => value;

/** `pg` turns a date into midnight of this machine's zone, another instant on each machine; a calendar day stays its text. */
const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    oid === DATE && format !== "binary" ? asText : (pg.types.getTypeParser(oid, format) as (value: string) => unknown),
};

/**
 * Typed SQL over a pool of connections. As values come back: `int8` and `numeric` are strings (they do not fit a number; keys are
 * compared, not counted with), `timestamptz` is a Date, `date` is "YYYY-MM-DD", `bytea` is a Buffer, `json` and `jsonb` are parsed.
 * Close it with `destroy()`.
 * @param max connections at most.
 */
export function openDatabase<Tables>(url: string, max = 10): Kysely<Tables> {
  const pool = new pg.Pool({ connectionString: url, max, types: typeParsers });
  // An idle connection that breaks (server restart) is dropped by the pool; without a listener the event would end the process.
  pool.on("error", () => undefined);
  // One that breaks while it is in use fails its query; the event of the connection itself would end the process too.
  pool.on("connect", (connection) => connection.on("error", () => undefined));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
