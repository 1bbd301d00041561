import { callApi, type Parser } from "./api-client.ts";
import { ApiFailure } from "./api-failure.ts";
import { fieldsOf } from "./fields-of.ts";

const rowsPerRequest = 1000;
/** How many rows a list holds at most; one that is as long says that there may be more. */
export const rowsAtMost = 100_000;

interface FetchContext {
  readonly signal: AbortSignal;
}

export interface ApiQuery<T> {
  readonly queryKey: readonly [path: string];
  readonly queryFn: (context: FetchContext) => Promise<T>;
}

/** One object of the site, kept under its address, so that pages of different modules share what they fetched. */
export function apiQuery<T>(path: string, parser: Parser<T>): ApiQuery<T> {
  return { queryKey: [path], queryFn: ({ signal }) => callApi(path, parser, { signal }) };
}

/** A whole list of the site, `{ items, after }` by `{ items, after }`, up to `rowsAtMost` rows; `path` may carry a query already. */
export function apiListQuery<T>(path: string, item: Parser<T>): ApiQuery<T[]> {
  return {
    queryKey: [path],
    queryFn: async ({ signal }) => {
      const rows: T[] = [];
      let after: string | null = null;
      do {
        const query: string = `limit=${rowsPerRequest}${after === null ? "" : `&after=${encodeURIComponent(after)}`}`;
        const page: { items: T[]; after: string | null } = await callApi(`${path}${path.includes("?") ? "&" : "?"}${query}`, pageOf(item), { signal });
        rows.push(...page.items);
        after = page.items.length === 0 ? null : page.after;
      } while (after !== null && rows.length < rowsAtMost);
      return rows;
    },
  };
}

function pageOf<T>(item: Parser<T>): Parser<{ items: T[]; after: string | null }> {
  return {
    parse(data) {
      const fields = fieldsOf(data);
      const items = fields.get("items");
      const after = fields.get("after") ?? null;
      if (!Array.isArray(items) || (after !== null && typeof after !== "string")) {
        throw new ApiFailure("peer-data", "unexpected-answer", "The site answered in a way this page does not know", "Expected a list { items, after }.");
      }
      return { items: items.map((each: unknown) => item.parse(each)), after };
    },
  };
}
