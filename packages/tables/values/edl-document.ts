import { toHex } from "@metersmith/base/bytes";
import { MeterContext } from "../context.ts";
import type { DecodedTable } from "../decoded-table.ts";
import type { FieldValue } from "../field-value.ts";
import type { Layout } from "../layout/layout.ts";
import { pathOf, type PathStep } from "../layout/path.ts";
import type { ScalarShape, Shape } from "../layout/shape.ts";
import { badValue, tableNumber } from "../table-complaints.ts";
import { TablesError } from "../tables-error.ts";
import type { Definitions, TableId } from "../tdl/definitions.ts";

/** An EDL document: values of tables as text, whose types the layouts of the reader give. The form is ours (docs/reference/edl.md). */
export interface EdlDocument {
  /** Digest of the definitions that it was written with. */
  readonly definitions?: string;
  readonly tables: readonly EdlTable[];
}

export interface EdlTable {
  readonly number: TableId;
  readonly name?: string;
  readonly content: readonly EdlNode[];
}

/** `name` is missing in elements of arrays. */
export type EdlNode =
  | { readonly kind: "record" | "array"; readonly name?: string; readonly content: readonly EdlNode[] }
  | { readonly kind: "field"; readonly name?: string; readonly text: string };

/** What XML 1.0 does not carry, or does not bring back as it was. */
const notInXml = /[^\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** The document that says what the tables hold, in the order given. Bits that no field names are not in it. */
export function edlOf(definitions: Definitions, tables: readonly DecodedTable[]): EdlDocument {
  return {
    definitions: definitions.digest,
    tables: tables.map(({ table, layout, bytes }) => ({
      number: table, name: layout.name, content: layout.shape.members.map(({ name, shape, offset }) => nodeOf(shape, bytes, offset, name)),
    })),
  };
}

function nodeOf(shape: Shape, bytes: Uint8Array, at: number, name?: string): EdlNode {
  const named = name === undefined ? {} : { name };
  if (shape.kind === "scalar") return { kind: "field", ...named, text: textOf(shape, bytes, at) };
  if (shape.kind === "record") return { kind: "record", ...named, content: shape.members.map((inner) => nodeOf(inner.shape, bytes, at + inner.offset, inner.name)) };
  const { element } = shape;
  return { kind: "array", ...named, content: Array.from({ length: shape.count }, (_, index) => nodeOf(element, bytes, at + index * element.size)) };
}

function textOf({ codec }: ScalarShape, bytes: Uint8Array, at: number): string {
  const value = codec.read(bytes, at);
  if (Array.isArray(value)) return value.join(" ");
  if (Object.is(value, -0)) return "-0";
  const text = String(value);
  return notInXml.test(text) ? `raw:${toHex(bytes.subarray(at, at + codec.width))}` : text;
}

/** A table's value tree by the layout that it has in the reader's meter. Throws `bad-value` with path and octet. */
export function valueFromEdl(layout: Layout, table: EdlTable): FieldValue {
  return valueOf(layout, layout.shape, { kind: "record", content: table.content }, 0, []);
}

function valueOf(layout: Layout, shape: Shape, node: EdlNode, at: number, steps: PathStep[]): FieldValue {
  const wrong = (expected: string, found: string): Error => badValue(layout, pathOf(steps), at, expected, found);
  if (shape.kind === "scalar") {
    if (node.kind !== "field") throw wrong(`<field> with a ${shape.codec.kind} value`, `<${node.kind}>`);
    return typed(shape, node.text);
  }
  if (node.kind !== shape.kind) throw wrong(`<${shape.kind}>`, `<${node.kind}>`);
  if (shape.kind === "array") {
    if (node.content.length > shape.count) throw wrong(`at most ${shape.count} elements`, String(node.content.length));
    return node.content.map((element, index) => {
      if (element.name !== undefined) throw wrong("elements without a name", element.name);
      return inside(index, () => valueOf(layout, shape.element, element, at + index * shape.element.size, steps));
    });
  }
  const record: { [field: string]: FieldValue } = {};
  for (const inner of node.content) {
    const member = inner.name === undefined ? undefined : shape.byName.get(inner.name);
    if (!member) throw wrong(`one of ${shape.members.map(({ name }) => name).join(", ").slice(0, 400) || "no fields"}`, inner.name ?? "an element without a name");
    if (Object.hasOwn(record, member.name)) throw wrong("each field once", `${member.name} twice`);
    record[member.name] = inside(member.name, () => valueOf(layout, member.shape, inner, at + member.offset, steps));
  }
  return record;

  function inside(step: PathStep, work: () => FieldValue): FieldValue {
    steps.push(step);
    const value = work();
    steps.pop();
    return value;
  }
}

/** Text that is no value of its kind goes on as it is: the field's codec refuses it and says what it expects. */
function typed({ codec }: ScalarShape, text: string): FieldValue {
  switch (codec.kind) {
    case "uint":
    case "int": {
      if (!/^[-+]?\d{1,30}$/.test(text)) return text;
      const number = Number(text);
      return Number.isSafeInteger(number) ? number : BigInt(text);
    }
    case "float":
    case "decimal":
    case "char-number":
      return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text) ? Number(text) : text;
    case "bool":
      return { true: true, "1": true, false: false, "0": false }[text] ?? text;
    case "set": {
      const members = text.split(/\s+/).filter((member) => member !== "");
      return members.every((member) => /^\d{1,6}$/.test(member)) ? members.map(Number) : text;
    }
    default:
      return text;
  }
}

/**
 * The octets of every table of a document. Tables are made in ascending order, table 0 first, each under the dimensions of those before it;
 * what the document does not say of dimensions comes from `context`, which may be missing where the document has table 0. Throws
 * `dimension-missing`, `unknown-table`, `bad-value`.
 */
export function imagesFromEdl(
  definitions: Definitions, document: EdlDocument, context?: MeterContext,
): { context: MeterContext; images: Map<TableId, Uint8Array> } {
  const tables = [...document.tables].sort((a, b) => a.number - b.number);
  const images = new Map<TableId, Uint8Array>();
  let known = context;
  for (const table of tables) {
    if (images.has(table.number)) throw new TablesError("input", "bad-value", `EDL: table ${tableNumber(table.number)} is there twice.`, { table: table.number });
    if (table.number === 0) {
      const made = MeterContext.fromValues(definitions, new Map([[0, valueFromEdl(roomiestGeneral(definitions), table)]]));
      known = made.context;
      for (const [number, bytes] of made.images) images.set(number, bytes);
      continue;
    }
    if (!known) throw new TablesError("input", "dimension-missing", "EDL: without table 0, in the document or from a meter, the octets of no other table are known.", { table: 0 });
    const bytes = known.encode(table.number, valueFromEdl(known.layout(table.number), table));
    images.set(table.number, bytes);
    known = known.with(table.number, bytes);
  }
  if (!known) throw new TablesError("input", "dimension-missing", "EDL: the document has no tables.", { table: 0 });
  return { context: known, images };
}

/** Table 0 as large as it can be: its own values say how large it is, and need the types of its fields to be read. */
function roomiestGeneral(definitions: Definitions): Layout {
  const general = {
    FORMAT_CONTROL_1: { CHAR_FORMAT: 1 }, DIM_STD_TBLS_USED: 255, DIM_MFG_TBLS_USED: 255, DIM_STD_PROC_USED: 255, DIM_MFG_PROC_USED: 255, DIM_MFG_STATUS_USED: 255,
  };
  return MeterContext.fromValues(definitions, new Map([[0, general]])).context.layout(0);
}
