import type { ReactNode } from "react";

export interface Column<Row> {
  /** Lowercase, one word: it is also the column's name in the filter bar. */
  readonly id: string;
  readonly title: string;
  /** What the filter looks in, and what is shown where there is no `cell`. */
  readonly text: (row: Row) => string;
  readonly cell?: (row: Row) => ReactNode;
  /** What sorting compares; the text where absent. */
  readonly order?: (row: Row) => string | number;
  /** Numbers stand at the end of their column. */
  readonly numeric?: boolean;
  /** Takes the width that the others leave, and is cut when that is too little. One column at most. */
  readonly grows?: boolean;
  /** Only where there is room: hidden below 1500 px. The filter still looks in it. */
  readonly wide?: boolean;
}

/** What a table shows: belongs in the page's address, so that a pasted link opens the same view. */
export type TableView = {
  readonly filter: string;
  /** A column's id, with a minus before it for descending; empty for the order in which rows came. */
  readonly sort: string;
};
