import { createSortedRowModel, rowSortingFeature, sortFn_alphanumeric, sortFn_basic, tableFeatures, useTable, type ColumnDef, type RowData, type SortingState, type Updater } from "@tanstack/react-table";
import { TextInput } from "@mantine/core";
import { useEffect, useMemo, useRef, useState, type JSX, type ReactNode } from "react";
import { rowsAtMost } from "./api-query.ts";
import { Icon } from "./icon.tsx";
import { useKeys } from "./keys.ts";
import type { Column, TableView } from "./table-column.ts";
import { useFilteredRows } from "./use-filtered-rows.ts";
import { useRowWindow } from "./use-row-window.ts";
import classes from "./data-table.module.css";

export interface DataTableProps<Row extends RowData> {
  /** What the rows are, in the plural with an s: "meters". */
  readonly of: string;
  /** The page's title; `of` where absent. */
  readonly title?: string;
  /** Under the title: what these are, in a sentence. */
  readonly about?: string;
  readonly columns: readonly Column<Row>[];
  /** Undefined while they are being fetched. Keep the identity stable between renders. */
  readonly rows: readonly Row[] | undefined;
  readonly rowKey: (row: Row) => string;
  readonly view: TableView;
  readonly onView: (view: TableView) => void;
  /** Shown where there are no rows at all: an invitation with what fills the list. */
  readonly empty: ReactNode;
  /** Beside the filter bar. */
  readonly actions?: ReactNode;
  /** Below the rows, such as a button that fetches more. */
  readonly more?: ReactNode;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic } });

function countText(of: string, shown: number, all: number): string {
  const total = `${all >= rowsAtMost ? "the first " : ""}${all.toLocaleString("en")} ${all === 1 ? of.replace(/s$/, "") : of}`;
  return shown === all ? total : `${shown.toLocaleString("en")} of ${total}`;
}

const sortingOf = (sort: string): SortingState => (sort === "" ? [] : [{ id: sort.replace(/^-/, ""), desc: sort.startsWith("-") }]);
const sortOf = (sorting: SortingState): string => (sorting[0] === undefined ? "" : `${sorting[0].desc ? "-" : ""}${sorting[0].id}`);

/**
 * A list of objects with a filter bar. `/` goes to the filter, `j` and `k` move from row to row, Enter opens: the first link (else button) in a
 * row is what opens it, and a click anywhere in the row follows it.
 */
export function DataTable<Row extends RowData>({ of, title, about, columns, rows, rowKey, view, onView, empty, actions, more }: DataTableProps<Row>): JSX.Element {
  const heading = title ?? of.charAt(0).toUpperCase() + of.slice(1);
  const search = useRef<HTMLInputElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const [active, setActive] = useState(-1);

  const hintColumn = columns.some((column) => column.id === "state") ? "state" : columns[0]?.id;
  const { typed, filter, shown, setFilter } = useFilteredRows(rows, columns, view, onView);

  const definitions = useMemo<ColumnDef<typeof features, Row>[]>(
    () => columns.map((column) => ({ id: column.id, header: column.title, accessorFn: column.order ?? column.text, sortFn: column.order === undefined ? "alphanumeric" : "basic" })),
    [columns],
  );
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const known = byId.has(view.sort.replace(/^-/, "")) ? view.sort : "";
  const sorting = useMemo(() => sortingOf(known), [known]);
  const table = useTable({
    features,
    columns: definitions,
    data: shown,
    getRowId: rowKey,
    enableMultiSort: false,
    state: { sorting },
    onSortingChange: (update: Updater<SortingState>) => onView({ ...view, sort: sortOf(typeof update === "function" ? update(sorting) : update) }),
  });
  const ordered = table.getRowModel().rows;
  const { window: drawn, reveal } = useRowWindow(ordered.length, body);

  const move = (by: number): void => {
    if (ordered.length === 0) return;
    const next = Math.min(ordered.length - 1, Math.max(0, active + by));
    reveal(next);
    setActive(next);
  };
  useKeys({
    "/": () => search.current?.focus(),
    j: () => move(1),
    k: () => move(-1),
  });
  useEffect(() => {
    // The focus itself moves, so that Enter, the screen reader and the eye agree on where one is.
    body.current?.querySelector<HTMLElement>(`[data-row="${active}"] :is(a, button)`)?.focus({ preventScroll: true });
  }, [active]);

  return (
    <section aria-label={of}>
      <title>{`${heading} · Metersmith`}</title>
      <div className={classes.bar}>
        <h1 className={classes.heading}>{heading}</h1>
        <TextInput
          ref={search}
          className={classes.search}
          size="sm"
          type="search"
          aria-label={`Filter ${of}`}
          placeholder={`Filter ${of}: words, ${hintColumn}:word, -word`}
          leftSection={<Icon name="search" size={14} />}
          rightSection={<kbd className={classes.key}>/</kbd>}
          value={typed}
          onChange={(event) => setFilter(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
        />
        <span className={classes.count} role="status">
          {rows !== undefined && countText(of, shown.length, rows.length)}
        </span>
        {actions}
      </div>
      {about !== undefined && <p className={classes.about}>{about}</p>}
      {rows !== undefined && rows.length === 0 ? (
        empty
      ) : (
        <div className={classes.frame}>
          <table className={classes.table} aria-busy={rows === undefined} aria-rowcount={rows === undefined ? -1 : ordered.length + 1}>
            <thead>
              {table.getHeaderGroups().map((group) => (
                <tr key={group.id}>
                  {group.headers.map((header) => {
                    const sorted = header.column.getIsSorted();
                    return (
                      <th key={header.id} scope="col" data-numeric={byId.get(header.id)?.numeric} data-wide={byId.get(header.id)?.wide} aria-sort={sorted === false ? "none" : sorted === "asc" ? "ascending" : "descending"}>
                        <button type="button" className={classes.sort} onClick={header.column.getToggleSortingHandler()}>
                          {byId.get(header.id)?.title}
                          <span className={classes.arrow}>{sorted !== false && <Icon name={sorted === "asc" ? "ascending" : "descending"} size={12} />}</span>
                        </button>
                      </th>
                    );
                  })}
                </tr>
              ))}
            </thead>
            <tbody ref={body}>
              {drawn.before > 0 && <tr aria-hidden="true" style={{ height: drawn.before }} />}
              {ordered.slice(drawn.first, drawn.end).map((row, offset) => {
                const index = drawn.first + offset;
                return (
                  <tr
                    key={row.id}
                    data-row={index}
                    aria-rowindex={index + 2}
                    onFocus={() => setActive(index)}
                    onClick={(event) => {
                      const inControl = event.target instanceof Element && event.target.closest("a, button, input, label") !== null;
                      if (!inControl && getSelection()?.isCollapsed !== false) event.currentTarget.querySelector("a")?.click();
                    }}
                  >
                    {columns.map((column) => (
                      <td key={column.id} data-numeric={column.numeric} data-grows={column.grows} data-wide={column.wide} title={column.grows === true && column.cell === undefined ? column.text(row.original) : undefined}>{column.cell === undefined ? column.text(row.original) : column.cell(row.original)}</td>
                    ))}
                  </tr>
                );
              })}
              {drawn.after > 0 && <tr aria-hidden="true" style={{ height: drawn.after }} />}
              {rows === undefined && Array.from({ length: 8 }, (_, index) => (
                <tr key={index} aria-hidden="true">{columns.map((column) => <td key={column.id} className={classes.ghost} data-grows={column.grows} data-wide={column.wide}>&nbsp;</td>)}</tr>
              ))}
            </tbody>
          </table>
          {rows !== undefined && shown.length === 0 && (
            <p className={classes.none}>
              No {of} match “{filter}”. <button type="button" className={classes.clear} onClick={() => setFilter("")}>Clear the filter</button>
            </p>
          )}
        </div>
      )}
      {more}
    </section>
  );
}
