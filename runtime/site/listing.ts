import { z } from "zod";

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

export const byId = z.object({ id: z.uuid() });
