import type { EdlDocument, EdlNode } from "./edl-document.ts";

/** Namespace of the XML form. Ours, until a copy of C12.19-2012 confirms the standard's own. */
export const edlNamespace = "urn:metersmith:edl:1";

/** A document as XML, indented, valid by `edl.xsd`. */
export function writeEdl(document: EdlDocument): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', `<edl${attributes({ xmlns: edlNamespace, definitions: document.definitions })}>`];
  for (const { number, name, content } of document.tables) {
    lines.push(`  <table${attributes({ number: String(number), name })}>`);
    for (const node of content) write(node, "    ", lines);
    lines.push("  </table>");
  }
  lines.push("</edl>", "");
  return lines.join("\n");
}

function write(node: EdlNode, indent: string, lines: string[]): void {
  const start = `${indent}<${node.kind}${attributes({ name: node.name })}`;
  if (node.kind === "field") {
    lines.push(`${start}>${escaped(node.text)}</field>`);
  } else if (node.content.length === 0) {
    lines.push(`${start}/>`);
  } else {
    lines.push(`${start}>`);
    for (const inner of node.content) write(inner, `${indent}  `, lines);
    lines.push(`${indent}</${node.kind}>`);
  }
}

function attributes(pairs: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(pairs).map(([name, value]) => (value === undefined ? "" : ` ${name}="${escaped(value)}"`)).join("");
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
