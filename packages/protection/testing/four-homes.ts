import fourHomes from "../../../examples/protection/four-homes.json" with { type: "json" };
import { readStudy, type Study } from "../study/study.ts";

type Json = { [key: string]: Json } & Json[] & (string | number | boolean | null);

/** The example of the documentation, with changes: `{"transformer.kva": 25}`; undefined takes a member out. */
export function fourHomesFile(changes: Readonly<Record<string, unknown>> = {}): unknown {
  const file = structuredClone(fourHomes) as unknown as Json;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    let at = file;
    for (const key of keys) at = at[key] as Json;
    if (value === undefined) delete at[last];
    else at[last] = value as Json;
  }
  return file;
}

export function fourHomesStudy(changes: Readonly<Record<string, unknown>> = {}): Study {
  return readStudy(fourHomesFile(changes), "four-homes.json");
}
