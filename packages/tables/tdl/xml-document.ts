import { ParseOption, XmlCData, XmlComment, XmlDocument, XmlElement, XmlText, XsdValidator } from "libxml2-wasm";
import { TablesError } from "../tables-error.ts";

const mostCharacters = 4_000_000;
const deepestElements = 40;
/** The text is a string already: an encoding that its declaration names beside UTF-8 would make the parser read other characters than are there. */
const otherEncoding = /^\s*<\?xml[^>]*\bencoding\s*=\s*["'](?!utf-?8["'])/i;

const schemaInstance = "http://www.w3.org/2001/XMLSchema-instance";

/** Attributes and members of an element, before anything is known of their form. */
export type LooseJson = { [key: string]: unknown };

/**
 * Gives a parsed document to `use` and disposes of it. Documents of more than 4,000,000 characters, with a document type or with entities are
 * refused, and so are declarations of another encoding than UTF-8; nothing outside the text is ever loaded. Throws `bad-xml`.
 */
export function withDocument<Result>(xml: string, name: string, use: (document: XmlDocument) => Result): Result {
  if (xml.length > mostCharacters) throw badXml(name, `longer than ${mostCharacters} characters`);
  // Before the parser sees it: without a document type there are no entities to expand and nothing to fetch.
  if (/<!\s*(DOCTYPE|ENTITY)/i.test(xml)) throw badXml(name, "has a document type or entity declaration, which is not taken");
  if (otherEncoding.test(xml)) throw badXml(name, "declares another encoding than UTF-8");
  let document: XmlDocument;
  try {
    document = XmlDocument.fromString(xml, { option: ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE });
  } catch (error) {
    throw badXml(name, error instanceof Error ? error.message : String(error), error);
  }
  try {
    return use(document);
  } finally {
    document.dispose();
  }
}

/** Throws `bad-xml` unless the document is valid by the schema. */
export function validateXml(xml: string, schema: string, name: string): void {
  withDocument(schema, "schema", (schemaDocument) => {
    const validator = XsdValidator.fromDoc(schemaDocument);
    try {
      withDocument(xml, name, (document) => {
        try {
          validator.validate(document);
        } catch (error) {
          throw badXml(name, error instanceof Error ? error.message : String(error), error);
        }
      });
    } finally {
      validator.dispose();
    }
  });
}

/**
 * The child elements. Text between them is refused, and so are processing instructions, elements of another namespace, and what is nested deeper than
 * 40 elements: what no reader would look at must not pass for read.
 */
export function children(parent: XmlElement, name: string, depth: number): XmlElement[] {
  if (depth > deepestElements) throw badXml(name, `nested deeper than ${deepestElements} elements`);
  const found: XmlElement[] = [];
  for (let node = parent.firstChild; node; node = node.next) {
    if (node instanceof XmlElement) {
      if (node.namespaceUri !== parent.namespaceUri) throw badXml(name, `line ${node.line}: <${node.name.slice(0, 40)}> is of another namespace: ${node.namespaceUri.slice(0, 80) || "none"}`);
      found.push(node);
    } else if (!(node instanceof XmlComment) && !(node instanceof XmlText && node.content.trim() === "")) {
      throw badXml(name, `line ${node.line || parent.line}: ${node instanceof XmlText || node instanceof XmlCData ? "text" : "an instruction"} in <${parent.name}>`);
    }
  }
  return found;
}

/** The attributes, all of which must be known. A hint of where a schema lies is passed over, and never followed. Throws `bad-xml`. */
export function attributes(element: XmlElement, name: string, known: readonly string[]): LooseJson {
  const found: LooseJson = {};
  for (const attribute of element.attrs) {
    if (attribute.namespaceUri === schemaInstance && attribute.name === "schemaLocation") continue;
    if (attribute.namespaceUri !== "" || !known.includes(attribute.name)) {
      throw badXml(name, `line ${element.line}: <${element.name.slice(0, 40)}> has the attribute ${attribute.namespaceUri === "" ? "" : `{${attribute.namespaceUri.slice(0, 80)}}`}${attribute.name.slice(0, 40)}; expected ${known.join(", ") || "none"}`);
    }
    found[attribute.name] = attribute.value;
  }
  return found;
}

/** The attributes of an element that must have nothing in it. Throws `bad-xml`. */
export function leafAttributes(element: XmlElement, name: string, known: readonly string[]): LooseJson {
  const [inner] = children(element, name, 0);
  if (inner) throw unexpected(inner, name);
  return attributes(element, name, known);
}

/** The same with those entries as numbers whose text is one. */
export function numeric(json: LooseJson, keys: readonly string[]): LooseJson {
  const converted = { ...json };
  for (const key of keys) if (typeof json[key] === "string" && /^-?\d{1,15}(\.\d{1,9})?$/.test(json[key])) converted[key] = Number(json[key]);
  return converted;
}

export function boolean(json: LooseJson, key: string): LooseJson {
  return json[key] === "true" || json[key] === "false" ? { ...json, [key]: json[key] === "true" } : json;
}

export function unexpected(element: XmlElement, name: string): TablesError {
  return badXml(name, `line ${element.line}: <${element.name.slice(0, 40)}> was not expected in <${element.parent?.name ?? "document"}>`);
}

export function badXml(name: string, reason: string, cause?: unknown): TablesError {
  return new TablesError("input", "bad-xml", `${name}: ${reason.trim().slice(0, 400)}.`, { field: name }, cause);
}
