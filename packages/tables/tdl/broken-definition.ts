import { TablesError } from "../tables-error.ts";

/** Definitions that have their form and do not hold together. `missing`: the part that is not there, as fragments name it. */
export function broken(name: string, reason: string, missing?: string): TablesError {
  return new TablesError("input", "bad-definition", `Table definitions: ${name} ${reason}.`, { field: name, ...(missing === undefined ? {} : { missing }) });
}
