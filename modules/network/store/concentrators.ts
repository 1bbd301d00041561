import type { Migration } from "@metersmith/postgres/migrate";
import { type Kysely, sql } from "kysely";
import type { Concentrator } from "../api/contract.ts";
import type { Presence } from "../rules/presence.ts";

export interface NetworkTables {
  concentrator: { name: string; online: boolean; meters: number; since: Date };
}

export const networkMigrations: readonly Migration[] = [
  {
    name: "202611210600-network-concentrators",
    async up(db) {
      await sql`
        create table concentrator (
          name text primary key,
          online boolean not null,
          meters int not null check (meters >= 0),
          since timestamptz not null
        )`.execute(db);
    },
  },
];

/** Remembers who is there; the time changes only when presence does. */
export async function recordPresence(db: Kysely<NetworkTables>, { concentrator: name, online, meters }: Presence, at: Date): Promise<void> {
  await db
    .insertInto("concentrator")
    .values({ name, online, meters, since: at })
    .onConflict((conflict) =>
      conflict.column("name").doUpdateSet((eb) => ({
        online,
        meters,
        since: eb.case().when("concentrator.online", "=", online).then(eb.ref("concentrator.since")).else(at).end(),
      })),
    )
    .execute();
}

export async function listConcentrators(db: Kysely<NetworkTables>): Promise<Concentrator[]> {
  const rows = await db.selectFrom("concentrator").selectAll().orderBy("name").limit(1000).execute();
  return rows.map(({ since, ...row }) => ({ ...row, since: since.toISOString() }));
}
