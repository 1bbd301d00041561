import { XmlElement } from "libxml2-wasm";
import { badXml, children, unexpected, validateXml, withDocument } from "../tdl/xml-document.ts";
import type { EdlDocument, EdlNode, EdlTable } from "./edl-document.ts";
import { edlNamespace } from "./edl-writer.ts";

/**
 * Reads EDL XML. Documents of more than 4,000,000 characters, with a document type or with entities are refused; nothing outside the text is
 * ever loaded. For servers: other programs exchange canonical JSON. The values are text until `valueFromEdl` gives them the types of a layout.
 * Throws `bad-xml` with line and element.
 */
export function parseEdl(xml: string, name = "EDL"): EdlDocument {
  return withDocument(xml, name, ({ root }) => {
    if (root.name !== "edl" || root.namespaceUri !== edlNamespace) throw badXml(name, `the root must be <edl xmlns="${edlNamespace}">`);
    const definitions = root.attr("definitions")?.value;
    return { ...(definitions === undefined ? {} : { definitions }), tables: children(root, name, 1).map((element) => tableOf(element, name)) };
  });
}

/** Throws `bad-xml` unless the document is valid by the schema `edl.xsd`. */
export function validateEdl(xml: string, schema: string, name = "EDL"): void {
  validateXml(xml, schema, name);
}

function tableOf(element: XmlElement, document: string): EdlTable {
  if (element.name !== "table") throw unexpected(element, document);
  const digits = element.attr("number")?.value ?? "";
  if (!/^\d{1,4}$/.test(digits) || Number(digits) > 4095) {
    throw badXml(document, `line ${element.line}: number="${digits.slice(0, 20)}" is no table number from 0 to 4095`);
  }
  return { number: Number(digits), ...named(element), content: children(element, document, 2).map((child) => nodeOf(child, document, 3)) };
}

function nodeOf(element: XmlElement, document: string, depth: number): EdlNode {
  switch (element.name) {
    case "field":
      for (let node = element.firstChild; node; node = node.next) if (node instanceof XmlElement) throw unexpected(node, document);
      return { kind: "field", ...named(element), text: element.content };
    case "record":
    case "array":
      return { kind: element.name, ...named(element), content: children(element, document, depth).map((child) => nodeOf(child, document, depth + 1)) };
    default:
      throw unexpected(element, document);
  }
}

function named(element: XmlElement): { readonly name?: string } {
  const name = element.attr("name")?.value;
  return name === undefined ? {} : { name };
}
