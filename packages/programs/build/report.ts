import { toHex } from "@metersmith/base/bytes";
import type { FieldValue, TableId } from "@metersmith/tables";
import type { DeviceType } from "../device-type/device-type.ts";
import type { DraftedField } from "../mapping/field-draft.ts";

/** One field of a build: why it is there, where it lies, what it became. */
export interface BuildReportRow {
  /** Path in the parameters, or in parentheses the decision: `(unused)`, `(default of the device type)`. */
  readonly parameter: string;
  readonly table: TableId;
  readonly field: string;
  /** First octet in the table, and octets. */
  readonly offset: number;
  readonly octets: number;
  /** The value as people read it. */
  readonly value: string;
  /** The octets that hold the field, lowercase hexadecimal; fields that share octets show the same ones. */
  readonly bytes: string;
}

/** Rows in the order of the table. */
export function reportOf(type: DeviceType, image: { table: TableId; bytes: Uint8Array }, fields: readonly DraftedField[]): BuildReportRow[] {
  const layout = type.context.layout(image.table);
  const decoded = type.context.decode(image.table, image.bytes);
  return fields
    .map(({ path, parameter }) => {
      const leaf = layout.find(path);
      const [offset, octets] = [leaf?.offset ?? 0, leaf?.width ?? 0];
      return {
        parameter, table: image.table, field: path, offset, octets,
        value: valueText(decoded.get(path)),
        bytes: toHex(image.bytes.subarray(offset, offset + octets)),
      };
    })
    .sort((a, b) => a.offset - b.offset);
}

function valueText(value: FieldValue): string {
  if (typeof value === "string") return value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
