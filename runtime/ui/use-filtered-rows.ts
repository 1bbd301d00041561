import { useDeferredValue, useMemo, useState } from "react";
import { meets, readFilter } from "./row-filter.ts";
import type { Column, TableView } from "./table-column.ts";

interface FilteredRows<Row> {
  /** What stands in the field. */
  readonly typed: string;
  /** What `shown` was filtered by: the same, or a moment behind while many rows are looked through. */
  readonly filter: string;
  readonly shown: readonly Row[];
  readonly setFilter: (next: string) => void;
}

/**
 * The rows that meet the filter. The page's address follows what is typed a moment later and the field never waits for it; a
 * change of the address from elsewhere (back, a link) comes into the field.
 */
export function useFilteredRows<Row>(
  rows: readonly Row[] | undefined,
  columns: readonly Column<Row>[],
  view: TableView,
  onView: (view: TableView) => void,
): FilteredRows<Row> {
  const [typed, setTyped] = useState(view.filter);
  // The address answers each keystroke late. Until it has come to the last one, what it says is an echo, not news.
  const [awaited, setAwaited] = useState<string | null>(null);
  const [seen, setSeen] = useState(view.filter);
  if (view.filter !== seen) {
    setSeen(view.filter);
    if (awaited === null) setTyped(view.filter);
    else if (awaited === view.filter) setAwaited(null);
  }

  const filter = useDeferredValue(typed);
  const filtering = filter.trim() !== "";
  const texts = useMemo(() => (filtering ? rows?.map((row) => new Map(columns.map((column) => [column.id, column.text(row)]))) : undefined), [filtering, rows, columns]);
  const shown = useMemo(() => {
    if (rows === undefined || texts === undefined) return rows ?? [];
    const conditions = readFilter(filter, new Set(columns.map((column) => column.id)));
    return rows.filter((_row, index) => meets(texts[index] ?? new Map(), conditions));
  }, [rows, texts, columns, filter]);

  const setFilter = (next: string): void => {
    setTyped(next);
    setAwaited(next === view.filter ? null : next);
    onView({ ...view, filter: next });
  };
  return { typed, filter, shown, setFilter };
}
