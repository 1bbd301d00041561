import { ParseOption, XmlDocument, XmlElement, XmlText, XsdValidator } from "libxml2-wasm";
import { TablesError } from "../tables-error.ts";

const mostCharacters = 4_000_000;
const deepestElements = 40;

/** Attributes and members of an element, before anything is known of their form. */
export type LooseJson = { [key: string]: unknown };

/**
 * Gives a parsed document to `use` and disposes of it. Documents of more than 4,000,000 characters, with a document type or with entities are
 * refused; nothing outside the text is ever loaded. Throws `bad-xml`.
 */
export function withDocument<Result>(xml: string, name: string, use: (document: XmlDocument) => Result): Result {
  if (xml.length > mostCharacters) throw badXml(name, `longer than ${mostCharacters} characters`);
  // Before the parser sees it: without a document type there are no entities to expand and nothing to fetch.
  if (/<!\s*(DOCTYPE|ENTITY)/i.test(xml)) throw badXml(name, "has a document type or entity declaration, which is not taken");
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

/** The child elements; text between them is refused, and so is what is nested deeper than 40 elements. */
export function children(parent: XmlElement, name: string, depth: number): XmlElement[] {
  if (depth > deepestElements) throw badXml(name, `nested deeper than ${deepestElements} elements`);
  const found: XmlElement[] = [];
  for (let node = parent.firstChild; node; node = node.next) {
    if (node instanceof XmlElement) found.push(node);
    else if (node instanceof XmlText && node.content.trim() !== "") throw badXml(name, `line ${node.line}: text in <${parent.name}>`);
  }
  return found;
}

export function attributes(element: XmlElement): LooseJson {
  const found: LooseJson = {};
  for (const attribute of element.attrs) found[attribute.name] = attribute.value;
  return found;
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
