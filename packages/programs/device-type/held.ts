import type { Finding } from "../finding.ts";
import { primitiveFor } from "../mapping/primitives.ts";
import { heldByNoTable } from "../mapping/one-way.ts";
import { isUnder, leafPaths } from "../parameters/path.ts";
import type { Parameters } from "../parameters/schema.ts";
import type { DeviceType } from "./device-type.ts";

/** The parameters that a type's tables hold, by path, both ways. */
export function heldBy(type: DeviceType): readonly string[] {
  return type.files.mapping.rules.flatMap((rule) => primitiveFor(rule).carries(type.dimension));
}

/** What of the parameters the type's tables do not hold: nothing of it is dropped silently. `leftOut`: of groups among `whereHeld`; the rest are errors. */
export function notHeld(type: DeviceType, parameters: Parameters): { readonly errors: readonly Finding[]; readonly leftOut: readonly string[] } {
  const known = [...heldBy(type), ...[...heldByNoTable, ...(type.files.mapping.oneWay ?? [])].map(({ parameter }) => parameter)];
  const missing = leafPaths(parameters).filter((path) => !known.some((top) => isUnder(path, top)));
  const mayBeLeft = (path: string): boolean => parameters.whereHeld?.some((group) => isUnder(path, group)) === true;
  return {
    errors: missing.filter((path) => !mayBeLeft(path)).map((field) => ({ severity: "error", field, message: `is not held by ${type.id}: no table of it has a place for this; leave it out, or name its group in whereHeld` })),
    leftOut: missing.filter(mayBeLeft),
  };
}
