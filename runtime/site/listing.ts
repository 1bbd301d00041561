import { type Kysely, sql } from "kysely";
import { z } from "zod";
import { SiteError } from "./problem.ts";

/** What a list takes: at most `limit` rows, beginning after the row whose id is `after`. */
export const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  after: z.uuid().optional(),
});

/** A page of a list; `after` asks for the next one and is null at the end. */
export const listOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), after: z.uuid().nullable() });

export function page<Item extends { readonly id: string }>(items: Item[], limit: number): { items: Item[]; after: string | null } {
  return { items, after: items.length === limit ? (items.at(-1)?.id ?? null) : null };
}

/**
 * The database's key of the row that a page begins after; undefined for the first page.
 * @throws SiteError `unknown-cursor` where `after` names no row of this list: an empty page would look like its end.
 */
export async function pageKey(db: Kysely<unknown>, table: string, after: string | undefined): Promise<string | undefined> {
  if (after === undefined) return undefined;
  const { rows } = await sql<{ id: string }>`select id from ${sql.table(table)} where public_id = ${after}`.execute(db);
  if (!rows[0]) throw new SiteError(400, "unknown-cursor", "“after” names nothing in this list. Begin again without it.");
  return rows[0].id;
}

export const byId = z.object({ id: z.uuid() });
