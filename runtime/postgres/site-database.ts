import pg from "pg";
import { DatabaseError } from "./database-error.ts";
import { scramVerifier } from "./scram-verifier.ts";

/** Generated once per site and kept with the other secrets of the installation. ASCII without spaces. */
export interface SitePasswords {
  readonly owner: string;
  readonly app: string;
}

/** How to reach a site's database in its two roles. */
export interface SiteDatabase {
  /** `<site>_owner`: owns the database, migrates it. */
  readonly ownerUrl: string;
  /** `<site>_app`: reads and writes rows of what the owner made; makes, alters and drops nothing, and row-level security binds it. */
  readonly appUrl: string;
}

const SITE = /^[a-z][a-z0-9_]{0,39}$/;

/**
 * Makes a site's database `<site>` and its two roles where they are missing and sets the roles' passwords. May be repeated.
 * Whatever the owner makes in the database later, in any schema, the application may read and write (rows of tables, sequences);
 * rights on schemas other than `public` are the owner's to grant.
 * @param adminUrl a connection that may create databases and roles.
 * @param site lowercase letters, digits and underscores, a letter first, 40 at most.
 */
export async function prepareSiteDatabase(adminUrl: string, site: string, passwords: SitePasswords): Promise<SiteDatabase> {
  if (!SITE.test(site)) {
    throw new DatabaseError("misuse", "site-name", `"${site}" cannot name a database: lowercase letters, digits and _, a letter first, 40 at most`, { site });
  }
  const owner = `${site}_owner`;
  const app = `${site}_app`;
  await asUser(adminUrl, async (admin) => {
    await makeRole(admin, owner, passwords.owner);
    await makeRole(admin, app, passwords.app);
    const rows = await admin.query("select from pg_database where datname = $1", [site]);
    if (rows.rowCount === 0) {
      // A role that is no superuser gives a database only to roles it belongs to.
      await admin.query(
        `do $$ begin if not (select rolsuper from pg_roles where rolname = current_user) then grant "${owner}" to current_user; end if; end $$`,
      );
      await admin.query(`create database "${site}" owner "${owner}" template template0 encoding 'UTF8'`);
    }
  });
  const ownerUrl = urlFor(adminUrl, site, owner, passwords.owner);
  await asUser(ownerUrl, async (db) => {
    await admit(db, site, app);
    await grantToApp(db, app);
  });
  return { ownerUrl, appUrl: urlFor(adminUrl, site, app, passwords.app) };
}

/** What belongs to a database as a whole, which a clone of it does not take along: who may enter (not to make temporary tables), and UTC. */
export async function admit(client: pg.Client, database: string, app: string): Promise<void> {
  await client.query(`revoke all on database "${database}" from public`);
  await client.query(`grant connect on database "${database}" to "${app}"`);
  await client.query(`alter database "${database}" set timezone to 'UTC'`);
}

/** Within one database, as its owner: what the owner makes from now on is the application's to use. */
async function grantToApp(db: pg.Client, app: string): Promise<void> {
  await db.query(`revoke create on schema public from public`);
  await db.query(`grant usage on schema public to "${app}"`);
  await db.query(`alter default privileges grant select, insert, update, delete on tables to "${app}"`);
  await db.query(`alter default privileges grant usage, select on sequences to "${app}"`);
}

async function makeRole(admin: pg.Client, role: string, password: string): Promise<void> {
  const rights = "login nosuperuser nocreatedb nocreaterole noreplication nobypassrls";
  const rows = await admin.query<{ rolsuper: boolean; rolbypassrls: boolean }>("select rolsuper, rolbypassrls from pg_roles where rolname = $1", [role]);
  const known = rows.rows[0];
  if (!known) await admin.query(`create role "${role}" ${rights} password '${scramVerifier(password)}'`);
  // Naming the rights again needs a superuser even where nothing changes; a managed server has none for us.
  else if (known.rolsuper || known.rolbypassrls) await admin.query(`alter role "${role}" ${rights} password '${scramVerifier(password)}'`);
  else await admin.query(`alter role "${role}" password '${scramVerifier(password)}'`);
}

function urlFor(adminUrl: string, database: string, role: string, password: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  url.username = role;
  url.password = encodeURIComponent(password);
  return url.href;
}

async function asUser(url: string, run: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
  } catch (cause) {
    const { host, username, pathname } = new URL(url);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseError("link", "unreachable", `PostgreSQL at ${host} does not let ${username} into database ${pathname.slice(1)}: ${why}`, { host }, cause);
  }
  try {
    await run(client);
  } finally {
    await client.end();
  }
}
