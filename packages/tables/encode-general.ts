import { dataFormats } from "./codec/data-formats.ts";
import { encodeTree } from "./encode-tree.ts";
import type { FieldValue } from "./field-value.ts";
import { compile, type Placed } from "./layout/compile.ts";
import { Layout } from "./layout/layout.ts";
import { noSuchDimension } from "./table-complaints.ts";
import { TablesError } from "./tables-error.ts";
import type { Definitions } from "./tdl/definitions.ts";
import type { Scope } from "./tdl/expression.ts";

/** Table 0 from a tree: its sets are as long as the tree itself says, so the tree stands in for the image. */
export function encodeGeneral(definitions: Definitions, value: FieldValue): Uint8Array<ArrayBuffer> {
  const definition = definitions.tables.get(0);
  if (!definition) throw new TablesError("input", "unknown-table", "Table 0 is not defined.", { table: 0 });
  const inTree = (path: string): unknown => {
    let inner: unknown = value;
    for (const step of path.split(".")) inner = typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[step] : undefined;
    return inner;
  };
  const number = ({ path, member }: Placed): number => wholeIn(inTree(path) ?? (member.shape.kind === "scalar" ? member.shape.initial : undefined));
  const control = (byte: "1" | "2" | "3", field: string): number => wholeIn(inTree(`FORMAT_CONTROL_${byte}.${field}`));
  const formats = dataFormats(
    control("1", "DATA_ORDER") | (control("1", "CHAR_FORMAT") << 1),
    control("2", "TM_FORMAT") | (control("2", "INT_FORMAT") << 6),
    control("3", "NI_FORMAT1") | (control("3", "NI_FORMAT2") << 4),
  );
  const nothing: Scope = { number: (name, path) => { throw noSuchDimension(name, path, 0, "a number", undefined); }, member: (name, path) => { throw noSuchDimension(name, path, 0, "a set", undefined); } };
  const shape = compile(definitions.record(definition.type), definition.name, {
    definitions, formats, scope: nothing, own: { table: definition.name, number },
  });
  return encodeTree(new Layout(0, definition.name, shape, { littleEndian: formats.littleEndian, openEnded: false }), value);
}

/** What is no number counts as 0 here: writing the field refuses it then, and names it. */
function wholeIn(value: unknown): number {
  return typeof value === "number" || typeof value === "bigint" || typeof value === "boolean" ? Number(value) : 0;
}
