import { MeterContext } from "../context.ts";
import type { FieldValue } from "../field-value.ts";
import type { Layout } from "../layout/layout.ts";
import { tableNumber } from "../table-complaints.ts";
import { TablesError } from "../tables-error.ts";
import type { Definitions, TableId } from "../tdl/definitions.ts";

/** A table whose values are known once its layout is. */
export interface TableValues {
  readonly number: TableId;
  valueIn(layout: Layout): FieldValue;
}

export interface TableImages {
  readonly context: MeterContext;
  readonly images: Map<TableId, Uint8Array>;
}

/**
 * The octets of tables, made in ascending order, table 0 first, each under the dimensions of those before it; what they do not say of dimensions comes from
 * `context`, which may be missing where table 0 is among them. Throws `bad-value` for a table that is there twice, `dimension-missing`, `unknown-table`, and what
 * `valueIn` throws.
 */
export function imagesInOrder(definitions: Definitions, tables: readonly TableValues[], context?: MeterContext): TableImages {
  const images = new Map<TableId, Uint8Array>();
  let known = context;
  for (const table of tables.toSorted((a, b) => a.number - b.number)) {
    if (images.has(table.number)) throw new TablesError("input", "bad-value", `Table ${tableNumber(table.number)} is there twice.`, { table: table.number });
    if (table.number === 0) {
      const made = MeterContext.fromValues(definitions, new Map([[0, table.valueIn(roomiestGeneral(definitions))]]));
      known = made.context;
      for (const [number, bytes] of made.images) images.set(number, bytes);
      continue;
    }
    if (!known) throw new TablesError("input", "dimension-missing", "Without table 0, beside the others or from a meter, the octets of no other table are known.", { table: 0 });
    const bytes = known.encode(table.number, table.valueIn(known.layout(table.number)));
    images.set(table.number, bytes);
    known = known.with(table.number, bytes);
  }
  if (!known) throw new TablesError("input", "dimension-missing", "There are no tables.", { table: 0 });
  return { context: known, images };
}

/** Table 0 as large as it can be: its own values say how large it is, and need the types of its fields to be read. */
function roomiestGeneral(definitions: Definitions): Layout {
  const general = {
    FORMAT_CONTROL_1: { CHAR_FORMAT: 1 }, DIM_STD_TBLS_USED: 255, DIM_MFG_TBLS_USED: 255, DIM_STD_PROC_USED: 255, DIM_MFG_PROC_USED: 255, DIM_MFG_STATUS_USED: 255,
  };
  return MeterContext.fromValues(definitions, new Map([[0, general]])).context.layout(0);
}
