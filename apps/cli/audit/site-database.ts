import { readFile } from "node:fs/promises";
import { Failure, isFailure } from "@metersmith/base/errors";
import type { AuditTables } from "@metersmith/modules/audit/store/tables.ts";
import { clusterFolder } from "@metersmith/postgres/cluster";
import { openDatabase } from "@metersmith/postgres/pool";
import type { Kysely } from "kysely";
import { ownHome } from "../secrets/own-home.ts";
import type { DatabaseOptions } from "./options.ts";

/** Runs something over a site's database. @throws Failure `link` with the server and never a password, where it is not let in. */
export async function onDatabase<Result>(options: DatabaseOptions, run: (db: Kysely<AuditTables>, name: string) => Promise<Result>): Promise<Result> {
  const url = await urlOf(options);
  const db = openDatabase<AuditTables>(url.href, 1);
  try {
    return await run(db, url.pathname.slice(1));
  } catch (error) {
    if (isFailure(error)) throw error;
    const { message } = error as Error;
    throw new Failure("link", "database", `The database ${url.pathname.slice(1)} at ${url.host} cannot be read: ${message}`, {}, error);
  } finally {
    await db.destroy();
  }
}

async function urlOf({ site, database }: DatabaseOptions): Promise<URL> {
  if (site !== undefined && database !== undefined) throw new Failure("misuse", "command-line", "Give --site or --database, not both.");
  if (site !== undefined) return ofInstallation(site);
  const given = database ?? process.env["METERSMITH_DATABASE_URL"];
  if (given === undefined || given === "") throw new Failure("misuse", "command-line", "Say what: a file, --site, --database, or METERSMITH_DATABASE_URL.");
  const url = URL.parse(given);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) throw new Failure("input", "database-url", "This is no address of a database: postgres://role:password@host:port/name");
  return url;
}

async function ofInstallation(site: string): Promise<URL> {
  const home = await ownHome();
  const password = home.secrets.has(`${site}.app`) ? await home.secrets.ensure(`${site}.app`) : undefined;
  const port = await readFile(clusterFolder(home.file("postgres")).port, "utf8").catch(() => undefined);
  if (password === undefined || port === undefined) {
    throw new Failure("input", "no-site", `The installation in ${home.path} has no site “${site}” with a database of its own making. Give --database.`);
  }
  return new URL(`postgres://${site}_app:${encodeURIComponent(password)}@127.0.0.1:${port.trim()}/${site}`);
}
