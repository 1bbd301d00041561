import { NicError } from "../nic-error.ts";

/** What a target names: the list of tables, a table, or a part of one. */
export type Route = { readonly kind: "tables" } | { readonly kind: "table"; readonly table: number } | { readonly kind: "field"; readonly table: number; readonly path: string };

const longest = 512;
const lastTable = 4095;
/** As tables name their parts: `TIER_SWITCHES[3].DAY_SCH_NUM`. */
const fieldForm = /^[A-Za-z][A-Za-z0-9_]*(\[\d{1,5}\])*(\.[A-Za-z][A-Za-z0-9_]*(\[\d{1,5}\])*)*$/;

/**
 * Reads a target exactly: known segments, no query, no empty or dotted segment, percent-encoding only of the brackets of a field. Nothing is normalized, so one thing has
 * one name and nothing leads elsewhere. Throws `no-such-path`, `bad-request`.
 */
export function routeOf(target: string): Route {
  if (target.length > longest) throw new NicError("bad-request", `The target is longer than ${longest} characters.`);
  if (/[?#]/.test(target)) throw new NicError("bad-request", "The target has a query or a fragment; none is taken.");
  const [, table, , field] = /^\/v1\/tables(?:\/(0|[1-9]\d{0,3})(\/fields\/([A-Za-z0-9_.[\]%]{1,400}))?)?$/.exec(target) ?? [undefined, undefined];
  if (table === undefined) {
    if (target === "/v1/tables") return { kind: "tables" };
    throw new NicError("no-such-path", "There is /v1/tables, /v1/tables/<number> and /v1/tables/<number>/fields/<path>, and nothing else.");
  }
  const number = Number(table);
  if (number > lastTable) throw new NicError("no-such-table", `There are no tables above ${lastTable}.`, { table: number });
  if (field === undefined) return { kind: "table", table: number };
  const path = field.replace(/%5b/gi, "[").replace(/%5d/gi, "]");
  if (!fieldForm.test(path)) throw new NicError("no-such-path", `${path.slice(0, 80)} is no path of a field: names and indices, such as TIER_SWITCHES[3].DAY_SCH_NUM.`, { table: number });
  return { kind: "field", table: number, path };
}
