/** The value at a path of parameters, `demand.intervalMinutes`; undefined where there is none. Inherited names are none. */
export function valueAt(record: unknown, path: string): unknown {
  let found = record;
  for (const key of path.split(".")) found = isRecord(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  return found;
}

/** A record that holds a value at a path and nothing else. */
export function nested(path: string, value: unknown): { [key: string]: unknown } {
  const [key = "", ...rest] = path.split(".");
  return { [key]: rest.length === 0 ? value : nested(rest.join("."), value) };
}

/** Puts one record over another: records are joined, of anything else the second counts. */
export function joined(below: { [key: string]: unknown }, above: { [key: string]: unknown }): { [key: string]: unknown } {
  const made = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const before = made[key];
    made[key] = isRecord(before) && isRecord(value) ? joined(before, value) : value;
  }
  return made;
}

/** Paths of all values in it; a list is one value. */
export function leafPaths(record: object, before = ""): string[] {
  return Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : isRecord(value) ? leafPaths(value, `${before}${key}.`) : [`${before}${key}`]));
}

/** Whether a path is this one or lies under it. */
export function isUnder(path: string, top: string): boolean {
  return path === top || path.startsWith(`${top}.`);
}

export function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
