import { XmlCData, XmlComment, XmlElement, XmlText } from "libxml2-wasm";
import { attributes, badXml, children, unexpected, validateXml, withDocument, type LooseJson } from "../tdl/xml-document.ts";
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
    const { definitions } = attributes(root, name, ["definitions"]);
    return { ...(typeof definitions === "string" ? { definitions } : {}), tables: children(root, name, 1).map((element) => tableOf(element, name)) };
  });
}

/** Throws `bad-xml` unless the document is valid by the schema `edl.xsd`. */
export function validateEdl(xml: string, schema: string, name = "EDL"): void {
  validateXml(xml, schema, name);
}

function tableOf(element: XmlElement, document: string): EdlTable {
  if (element.name !== "table") throw unexpected(element, document);
  const { number, ...given } = attributes(element, document, ["number", "name"]);
  const digits = String(number ?? "");
  if (!/^\d{1,4}$/.test(digits) || Number(digits) > 4095) {
    throw badXml(document, `line ${element.line}: number="${digits.slice(0, 20)}" is no table number from 0 to 4095`);
  }
  return { number: Number(digits), ...named(given), content: children(element, document, 2).map((child) => nodeOf(child, document, 3)) };
}

function nodeOf(element: XmlElement, document: string, depth: number): EdlNode {
  switch (element.name) {
    case "field":
      return { kind: "field", ...named(attributes(element, document, ["name"])), text: textOf(element, document) };
    case "record":
    case "array":
      return { kind: element.name, ...named(attributes(element, document, ["name"])), content: children(element, document, depth).map((child) => nodeOf(child, document, depth + 1)) };
    default:
      throw unexpected(element, document);
  }
}

/** The text of a field, comments taken out. */
function textOf(element: XmlElement, document: string): string {
  let text = "";
  for (let node = element.firstChild; node; node = node.next) {
    if (node instanceof XmlElement) throw unexpected(node, document);
    if (node instanceof XmlText || node instanceof XmlCData) text += node.content;
    else if (!(node instanceof XmlComment)) throw badXml(document, `line ${node.line}: an instruction in <field>`);
  }
  return text;
}

function named({ name }: LooseJson): { readonly name?: string } {
  return typeof name === "string" ? { name } : {};
}
