/** One condition of a filter: the text that a row, or one column of it, must hold (or must not). Compared without case. */
export interface Condition {
  readonly column: string | null;
  readonly text: string;
  readonly negated: boolean;
}

// A word or a "quoted phrase", optionally with a column before it and a minus before all.
const term = /(-?)(?:([\p{L}\d-]+):)?(?:"([^"]*)"?|(\S+))/gu;

/**
 * Reads the filter bar: words that must all occur, `column:word` for one column, `-word` for what must not occur, `"two words"`
 * for a phrase. A column that the table does not have is taken as part of the text, so that `sha256:1f3a` and `tcp:127` work.
 */
export function readFilter(filter: string, columns: ReadonlySet<string>): Condition[] {
  const conditions: Condition[] = [];
  for (const [, minus, name, phrase, word] of filter.matchAll(term)) {
    const column = name?.toLowerCase();
    const known = column !== undefined && columns.has(column);
    const body = (phrase ?? word ?? "").toLowerCase();
    const text = known || column === undefined ? body : `${column}:${body}`;
    if (text !== "") conditions.push({ column: known ? column : null, text, negated: minus === "-" });
  }
  return conditions;
}

/** Whether a row, given as text by column, meets every condition. */
export function meets(row: ReadonlyMap<string, string>, conditions: readonly Condition[]): boolean {
  return conditions.every(({ column, text, negated }) => {
    const found = column === null ? row.values().some((value) => value.toLowerCase().includes(text)) : (row.get(column) ?? "").toLowerCase().includes(text);
    return found !== negated;
  });
}
