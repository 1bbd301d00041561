import { toHex } from "@metersmith/base/bytes";
import type { MeterContext } from "../context.ts";
import type { DecodedTable } from "../decoded-table.ts";
import type { FieldValue } from "../field-value.ts";
import type { Layout } from "../layout/layout.ts";
import { pathOf, type PathStep } from "../layout/path.ts";
import type { ScalarShape, Shape } from "../layout/shape.ts";
import { badValue } from "../table-complaints.ts";
import { unnamedIn, unnamedKey } from "../unnamed-bits.ts";
import { imagesInOrder, type TableImages } from "./images.ts";
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

/** The document that says what the tables hold, in the order given. */
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
  if (shape.kind === "record") {
    const unnamed = unnamedIn(shape, bytes, at);
    const content = shape.members.map((inner) => nodeOf(inner.shape, bytes, at + inner.offset, inner.name));
    return { kind: "record", ...named, content: unnamed === undefined ? content : [...content, { kind: "field", name: unnamedKey, text: String(unnamed) }] };
  }
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
    if (inner.name === unnamedKey && shape.unnamed) {
      if (Object.hasOwn(record, unnamedKey)) throw wrong("each field once", `${unnamedKey} twice`);
      const { unnamed } = shape;
      record[unnamedKey] = inside(unnamedKey, () => valueOf(layout, unnamed, inner, at, steps));
      continue;
    }
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
    case "char-number":
      // Characters are kept as they are written, but for those that are how we write the number.
      return String(Number(text)) === text ? Number(text) : text;
    case "float":
    case "decimal":
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

/** The octets of every table of a document, as `imagesInOrder` makes them. Throws `bad-value`, `dimension-missing`, `unknown-table`. */
export function imagesFromEdl(definitions: Definitions, document: EdlDocument, context?: MeterContext): TableImages {
  return imagesInOrder(definitions, document.tables.map((table) => ({ number: table.number, valueIn: (layout) => valueFromEdl(layout, table) })), context);
}
