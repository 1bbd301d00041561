import type { DeviceType } from "../device-type/device-type.ts";
import { refusal } from "../errors.ts";
import { fieldPath } from "../finding.ts";
import { isUnder, joined, nested, valueAt } from "../parameters/path.ts";
import { parametersSchema, type Parameters } from "../parameters/schema.ts";

/** Parameters with what a device type adds where a program leaves something open, and the paths that it added. */
export interface CompletedParameters {
  readonly parameters: Parameters;
  /** What the report says of a parameter. */
  readonly reason: (path: string) => string;
}

/** Throws `device-type-invalid` where what the type adds is no such parameter. */
export function completedBy(type: DeviceType, given: Parameters): CompletedParameters {
  const { demandIntervalMinutes, parameters: more = {} } = type.files.defaults;
  const added = Object.entries({ "demand.intervalMinutes": demandIntervalMinutes, ...more }).filter(([path]) => valueAt(given, path) === undefined);
  const whole = added.reduce<{ [key: string]: unknown }>((record, [path, value]) => joined(record, nested(path, value)), { ...given });
  const parsed = parametersSchema.safeParse(whole);
  if (!parsed.success) {
    throw refusal("device-type-invalid", "defaults.json", parsed.error.issues.slice(0, 20).map(({ path, message }) => ({ severity: "error", field: fieldPath(path), message: `with the defaults of ${type.id}: ${message}` })));
  }
  const isAdded = (path: string): boolean => added.some(([one]) => isUnder(path, one)) || (path === "demand.subintervals" && given.demand === undefined);
  return { parameters: parsed.data, reason: (path) => (isAdded(path) ? "(default of the device type)" : path) };
}
