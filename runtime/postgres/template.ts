import { createHash, randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { type Migration, migrate } from "./migrate.ts";
import { admit, prepareSiteDatabase, type SitePasswords } from "./site-database.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Administrator's connection to the one PostgreSQL of the run, from `global-setup.ts`. */
    postgresAdminUrl: string;
  }
}

/** A database of one test file: empty, at the end of its migrations. */
export interface TestDatabase {
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Call it when the file ends, after the pools over it are closed. */
  drop(): Promise<void>;
}

/**
 * A clone for one test file (`x.store.test.ts`). The first file that asks for a set of migrations runs them into a template;
 * the others copy its pages, which takes some tens of milliseconds.
 */
export async function testDatabase(migrations: readonly Migration[]): Promise<TestDatabase> {
  const admin = new pg.Client({ connectionString: inject("postgresAdminUrl") });
  await admin.connect();
  const name = `clone_${randomBytes(6).toString("hex")}`;
  try {
    const template = await templateOf(admin, migrations);
    await admin.query(`create database "${name}" template "${template.name}" owner "${template.name}_owner"`);
    await admit(admin, name, `${template.name}_app`);
    return {
      ownerUrl: withDatabase(template.ownerUrl, name),
      appUrl: withDatabase(template.appUrl, name),
      async drop() {
        await admin.query(`drop database "${name}" with (force)`);
        await admin.end();
      },
    };
  } catch (error) {
    await admin.end();
    throw error;
  }
}

async function templateOf(admin: pg.Client, migrations: readonly Migration[]): Promise<{ name: string; ownerUrl: string; appUrl: string }> {
  const sources = migrations.map((migration) => [migration.name, migration.up.toString()]);
  const name = `template_${createHash("sha256").update(JSON.stringify(sources)).digest("hex").slice(0, 16)}`;
  const adminUrl = inject("postgresAdminUrl");
  // Files run beside each other: one makes the template, those that need it too wait here.
  await admin.query("select pg_advisory_lock(hashtext($1))", [name]);
  try {
    const made = await admin.query("select from pg_database where datname = $1 and datistemplate", [name]);
    // Each test process has to know the passwords, and the server lives as long as the run: they are no secrets.
    const passwords: SitePasswords = { owner: `${name}o`, app: `${name}a` };
    if (made.rowCount === 0) {
      const { ownerUrl } = await prepareSiteDatabase(adminUrl, name, passwords);
      await migrate(ownerUrl, migrations);
      await admin.query(`alter database "${name}" with is_template true allow_connections false`);
    }
    const url = (role: string, password: string): string => {
      const address = new URL(adminUrl);
      address.username = `${name}_${role}`;
      address.password = password;
      address.pathname = `/${name}`;
      return address.href;
    };
    return { name, ownerUrl: url("owner", passwords.owner), appUrl: url("app", passwords.app) };
  } finally {
    await admin.query("select pg_advisory_unlock(hashtext($1))", [name]);
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
