import type { JSX, ReactNode } from "react";
import classes from "./plain-table.module.css";

export interface PlainColumn<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  readonly numeric?: boolean;
  readonly mono?: boolean;
}

/** A short table of facts inside an object's page: no filter, no sorting. `label` names it for screen readers. */
export function PlainTable<Row>({ label, columns, rows, rowKey }: { readonly label: string; readonly columns: readonly PlainColumn<Row>[]; readonly rows: readonly Row[]; readonly rowKey: (row: Row, index: number) => string }): JSX.Element {
  return (
    <div className={classes.scroll} role="region" aria-label={label} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>{columns.map((column) => <th key={column.title} scope="col" data-numeric={column.numeric}>{column.title}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={rowKey(row, index)}>
              {columns.map((column) => <td key={column.title} data-numeric={column.numeric} data-mono={column.mono}>{column.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
