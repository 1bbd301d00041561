import { Failure } from "@metersmith/base/errors";

/**
 * `bad-definition` a TDL document breaks its rules · `bad-fragment` a fragment breaks its rules, or leaves definitions that do ·
 * `fragment-conflict` two fragments, or a fragment and the base, claim one place · `dangling-target` a fragment changes what is not there ·
 * `bad-xml` not well-formed, too large, or with a DTD · `unknown-table`, `unknown-field`, `unknown-procedure` a name that the definitions or this
 * meter's layout do not have · `dimension-missing` the layout depends on a table whose image is absent · `bad-dimension` a dimension that gives no
 * layout · `too-large` beyond the bounds of a table · `unsupported-format` a format code we have no reading of · `table-length` an image shorter or
 * longer than its layout · `bad-value` a value that its field cannot hold · `mask-length` a mask that does not fit its image · `not-addressable` a
 * part that the access method has no address for.
 */
export type TablesErrorCode =
  | "bad-definition"
  | "bad-fragment"
  | "fragment-conflict"
  | "dangling-target"
  | "bad-xml"
  | "unknown-table"
  | "unknown-field"
  | "unknown-procedure"
  | "dimension-missing"
  | "bad-dimension"
  | "too-large"
  | "unsupported-format"
  | "table-length"
  | "bad-value"
  | "mask-length"
  | "not-addressable";

/** The one error of this package. `context` carries table, field, offset, expected, actual where they are known. */
export class TablesError extends Failure<TablesErrorCode> {}
