import { toHex } from "@metersmith/base/bytes";
import type { DecodedTable, FieldValue, Layout, MaskedImage, TableId } from "@metersmith/tables";
import type { DeviceType } from "../device-type/device-type.ts";
import type { DraftedField } from "../mapping/field-draft.ts";

/** One field of a build: why it is there, where it lies, what it became. */
export interface BuildReportRow {
  /** Whether the build writes the field, or a meter must have it already. */
  readonly role: "written" | "checked";
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

/** Rows in the order of the table. What the mask covers and no rule has set is as the factory made it. */
export function reportOf(type: DeviceType, image: MaskedImage, fields: readonly DraftedField[], role: BuildReportRow["role"]): BuildReportRow[] {
  const layout = type.context.layout(image.table);
  const decoded = type.context.decode(image.table, image.bytes);
  const rows = fields.map(({ path, parameter }) => {
    const leaf = layout.find(path);
    const [offset, octets] = [leaf?.offset ?? 0, leaf?.width ?? 0];
    return { role, parameter, table: image.table, field: path, offset, octets, value: valueText(decoded.get(path)), bytes: toHex(image.bytes.subarray(offset, offset + octets)) };
  });
  return [...rows, ...(role === "checked" ? madeByFactory(layout, decoded, image, new Set(fields.map(({ path }) => path))) : [])].sort((a, b) => a.offset - b.offset);
}

function madeByFactory({ leaves, size }: Layout, decoded: DecodedTable, { table, bytes, mask }: MaskedImage, drafted: ReadonlySet<string>): BuildReportRow[] {
  const row = (field: string, offset: number, octets: number, value: string): BuildReportRow =>
    ({ role: "checked", parameter: "(as the factory makes it)", table, field, offset, octets, value, bytes: toHex(bytes.subarray(offset, offset + octets)) });
  const counts = (offset: number, octets: number): boolean => mask.subarray(offset, offset + octets).some((bits) => bits !== 0);
  const named = leaves.filter(({ path, offset, width }) => !drafted.has(path) && counts(offset, width));
  const rows = named.map(({ path, offset, width }) => row(path, offset, width, valueText(decoded.get(path))));
  const covered = new Uint8Array(size);
  for (const { offset, width } of leaves) covered.fill(1, offset, offset + width);
  covered.forEach((known, offset) => {
    if (known === 0 && counts(offset, 1)) rows.push(row(`octet ${offset}`, offset, 1, toHex(bytes.subarray(offset, offset + 1))));
  });
  return rows;
}

function valueText(value: FieldValue): string {
  if (typeof value === "string") return value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
