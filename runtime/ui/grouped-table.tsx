import type { JSX } from "react";
import { Disclosure } from "./disclosure.tsx";
import { PlainTable, type PlainColumn } from "./plain-table.tsx";

export interface RowGroup<Row> {
  /** Names the group; different from the others'. */
  readonly title: string;
  /** How much it is, in words. */
  readonly aside: string;
  readonly rows: readonly Row[];
}

/** Many rows of facts in groups that open one by one. */
export function GroupedTable<Row>({ groups, columns }: { readonly groups: readonly RowGroup<Row>[]; readonly columns: readonly PlainColumn<Row>[] }): JSX.Element {
  return (
    <>
      {groups.map(({ title, aside, rows }) => (
        <Disclosure key={title} title={title} aside={aside}>
          <PlainTable label={title} rows={rows} rowKey={(_row, index) => String(index)} columns={columns} />
        </Disclosure>
      ))}
    </>
  );
}
