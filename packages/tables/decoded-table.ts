import { Unwritable } from "./codec/codec.ts";
import { readNumbers } from "./codec/flat-reader.ts";
import { writeNumbers } from "./codec/flat-writer.ts";
import type { FieldValue } from "./field-value.ts";
import type { Layout } from "./layout/layout.ts";
import { allowedIn, isWithin } from "./layout/bounds.ts";
import { readShape } from "./layout/read-shape.ts";
import { withoutPad } from "./codec/text.ts";
import { badValue, unknownField, wrongLength } from "./table-complaints.ts";
import { TablesError } from "./tables-error.ts";

/** A table as read from a meter: its octets and its layout. Values are views, made when asked for. */
export class DecodedTable {
  readonly table: number;
  readonly layout: Layout;
  readonly bytes: Uint8Array;

  /** `bytes` must be exactly as long as the layout. They are not copied. */
  constructor(layout: Layout, bytes: Uint8Array) {
    if (bytes.length !== layout.size) throw wrongLength(layout, bytes.length);
    this.table = layout.table;
    this.layout = layout;
    this.bytes = bytes;
  }

  /** The value at a path: of a field, or the tree of a record, array or bit field. Throws `unknown-field`. */
  get(path: string): FieldValue {
    const part = this.layout.part(path);
    if (!part) throw unknownField(this.layout, path);
    return readShape(part.shape, this.bytes, part.offset);
  }

  /** The text at a path without its pad of blanks and NULs, for people and comparisons; of a field that is no text, its value as text. */
  text(path: string): string {
    return withoutPad(String(this.get(path)));
  }

  /** The whole table by the standard's names. `MeterContext.encode` makes the same octets of it. */
  tree(): FieldValue {
    return readShape(this.layout.shape, this.bytes, 0);
  }

  /**
   * One number for each leaf, in the order of `layout.leaves`: flags 0 and 1, dates and times as seconds (since 1970 of the meter's own clock
   * face; since midnight), the nearest double for 64-bit integers; NaN for text, octets, sets and what has no value.
   */
  numbers(into: Float64Array = new Float64Array(this.layout.leafCount)): Float64Array {
    if (into.length < this.layout.leafCount) {
      throw new TablesError("misuse", "table-length", `A vector for ${this.layout.name} needs ${this.layout.leafCount} entries, not ${into.length}.`);
    }
    readNumbers(this.layout.runs, this.bytes, into);
    return into;
  }

  /**
   * A copy in which the leaves hold the numbers of `vector`. Leaves without a number, those for which it has NaN, and those that hold the number
   * already stay as they are. The reverse of `numbers`. Throws `bad-value` for what a leaf cannot hold and for what its definition does not allow to be
   * written.
   */
  withNumbers(vector: Float64Array): DecodedTable {
    const { layout } = this;
    if (vector.length < layout.leafCount) {
      throw new TablesError("misuse", "table-length", `A vector for ${layout.name} needs ${layout.leafCount} entries, not ${vector.length}.`);
    }
    const bytes = this.bytes.slice();
    for (const { index, offset, shape } of layout.boundedLeaves) {
      const value = vector[index] ?? Number.NaN;
      if (!Number.isNaN(value) && !isWithin(shape, value) && value !== shape.codec.number(bytes, offset)) {
        throw badValue(layout, layout.leafAt(index)?.path ?? "", offset, allowedIn(shape), value);
      }
    }
    try {
      writeNumbers(layout.runs, bytes, vector);
    } catch (error) {
      const leaf = error instanceof Unwritable && error.leaf !== undefined ? layout.leafAt(error.leaf) : undefined;
      if (!(error instanceof Unwritable) || !leaf) throw error;
      throw badValue(layout, leaf.path, leaf.offset, error.expected, vector[leaf.index]);
    }
    return new DecodedTable(layout, bytes);
  }
}
