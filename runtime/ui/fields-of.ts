/** The fields of a parsed JSON object by name; none where it is no object. */
export function fieldsOf(data: unknown): ReadonlyMap<string, unknown> {
  if (typeof data !== "object" || data === null) return new Map();
  return new Map<string, unknown>(Object.entries(data));
}
