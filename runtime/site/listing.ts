import { type Expression, type Kysely, sql, type SqlBool } from "kysely";
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

const every = sql<SqlBool>`true`;

/**
 * The database's key of the row that a page begins after; undefined for the first page.
 * @param rows which of the table's rows the list is of, where it is not of all: `request.ownRows`.
 * @throws SiteError `unknown-cursor` where `after` names no row of this list: an empty page would look like its end.
 */
export async function pageKey(db: Kysely<unknown>, table: string, after: string | undefined, rows: Expression<SqlBool> = every): Promise<string | undefined> {
  if (after === undefined) return undefined;
  const found = await sql<{ id: string }>`select id from ${sql.table(table)} where public_id = ${after} and ${rows}`.execute(db);
  if (!found.rows[0]) throw new SiteError(400, "unknown-cursor", "“after” names nothing in this list. Begin again without it.");
  return found.rows[0].id;
}

export const byId = z.object({ id: z.uuid() });
