import { openDatabase } from "@metersmith/postgres/pool";
import type { SiteModule } from "@metersmith/site/site-module";
import { sql, type SqlBool } from "kysely";

/** The two walls between organizations, each of which a test build can take down while something runs. */
export interface Walls {
  /** Mount it before what is under test. */
  readonly module: SiteModule;
  withoutRowSecurity<Result>(ownerUrl: string, run: () => Promise<Result>): Promise<Result>;
  withoutConditions<Result>(run: () => Promise<Result>): Promise<Result>;
}

export function wallsUnderTest(): Walls {
  let conditions = true;
  return {
    module: {
      name: "walls-under-test",
      migrations: [],
      async mount({ server }) {
        server.addHook("preHandler", async (request) => {
          if (!conditions) request.ownRows = () => sql<SqlBool>`true`;
        });
      },
    },
    async withoutRowSecurity(ownerUrl, run) {
      const owner = openDatabase(ownerUrl, 1);
      const { rows } = await sql<{ name: string }>`select relname as name from pg_class where relrowsecurity`.execute(owner);
      const set = async (state: "enable" | "disable"): Promise<void> => {
        for (const { name } of rows) await sql`alter table ${sql.id(name)} ${sql.raw(state)} row level security`.execute(owner);
      };
      await set("disable");
      try {
        return await run();
      } finally {
        await set("enable");
        await owner.destroy();
      }
    },
    async withoutConditions(run) {
      conditions = false;
      return run().finally(() => (conditions = true));
    },
  };
}

/** How many rows of a table the application sees outside of any request, where it names no organization. */
export async function rowsSeen(appUrl: string, table: string): Promise<number> {
  const app = openDatabase<unknown>(appUrl, 1);
  try {
    return (await sql`select from ${sql.table(table)}`.execute(app)).rows.length;
  } finally {
    await app.destroy();
  }
}
