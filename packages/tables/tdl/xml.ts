import { ParseOption, XmlDocument, XmlElement, XmlText, XsdValidator } from "libxml2-wasm";
import { TablesError } from "../tables-error.ts";
import { readTdlDocument } from "./document-reader.ts";
import type { TdlDocument } from "./model.ts";

/** Namespace of the XML form. Ours, until a copy of C12.19-2012 confirms the standard's own. */
export const tdlNamespace = "urn:metersmith:tdl:1";

const mostCharacters = 4_000_000;
const deepestElements = 40;

/**
 * Reads TDL XML into canonical JSON definitions, which still need `readDefinitions` or `extendDefinitions`. Documents of more than 4,000,000
 * characters, with a DTD or with entities are refused; nothing outside the text is ever loaded. For servers and the generator:
 * other programs read canonical JSON. Throws `bad-xml`, `bad-definition`.
 */
export function parseTdl(xml: string, name = "TDL"): TdlDocument {
  return withDocument(xml, name, (document) => readTdlDocument(documentJson(document.root, name)));
}

/** Throws `bad-xml` unless the document is valid by the schema `tdl.xsd`. */
export function validateTdl(xml: string, schema: string, name = "TDL"): void {
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

function withDocument<Result>(xml: string, name: string, use: (document: XmlDocument) => Result): Result {
  if (xml.length > mostCharacters) throw badXml(name, `longer than ${mostCharacters} characters`);
  // Before the parser sees it: without a document type there are no entities to expand and nothing to fetch.
  if (/<!\s*(DOCTYPE|ENTITY)/i.test(xml)) throw badXml(name, "has a document type or entity declaration, which TDL does not take");
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

type Json = { [key: string]: unknown };

function documentJson(root: XmlElement, name: string): Json {
  if (root.name !== "tdl" || root.namespaceUri !== tdlNamespace) throw badXml(name, `the root must be <tdl xmlns="${tdlNamespace}">`);
  const lists = { types: [] as Json[], enumerations: [] as Json[], tables: [] as Json[], procedures: [] as Json[] };
  for (const element of children(root, name, 0)) {
    switch (element.name) {
      case "packedRecord":
        lists.types.push({ kind: "record", ...attributes(element), members: members(element, name, 1) });
        break;
      case "bitField":
        lists.types.push({ kind: "bits", ...attributes(element), members: members(element, name, 1) });
        break;
      case "enumeration":
        lists.enumerations.push({
          ...attributes(element),
          values: children(element, name, 1).map((value) => numeric(attributes(value), ["value"])),
        });
        break;
      case "table":
        lists.tables.push(boolean(numeric(attributes(element), ["number"]), "openEnded"));
        break;
      case "procedure":
        lists.procedures.push(numeric(attributes(element), ["number"]));
        break;
      default:
        throw unexpected(element, name);
    }
  }
  return { format: "metersmith-tdl-1", ...lists };
}

function members(parent: XmlElement, name: string, depth: number): Json[] {
  return children(parent, name, depth)
    .filter((element) => element.name !== "else" && element.name !== "case" && element.name !== "default")
    .map((element) => member(element, name, depth));
}

function member(element: XmlElement, name: string, depth: number): Json {
  switch (element.name) {
    case "field":
      return { kind: "field", ...attributes(element) };
    case "bool": {
      const { bit, ...others } = numeric(attributes(element), ["bit"]);
      return { kind: "bit-range", type: "BOOL", first: bit, last: bit, ...others };
    }
    case "uint":
      return { kind: "bit-range", type: "UINT", ...numeric(attributes(element), ["first", "last"]) };
    case "if": {
      const otherwise = children(element, name, depth + 1).filter((child) => child.name === "else");
      return {
        kind: "if", ...attributes(element), then: members(element, name, depth + 1),
        ...(otherwise[0] ? { else: members(otherwise[0], name, depth + 2) } : {}),
      };
    }
    case "switch": {
      const inner = children(element, name, depth + 1);
      const otherwise = inner.find((child) => child.name === "default");
      return {
        kind: "switch", ...attributes(element),
        cases: inner.filter((child) => child.name === "case").map((choice) => ({
          values: String(attributes(choice)["values"] ?? "").split(/\s+/).filter((digits) => digits !== "").map(Number),
          members: members(choice, name, depth + 2),
        })),
        ...(otherwise ? { default: members(otherwise, name, depth + 2) } : {}),
      };
    }
    default:
      throw unexpected(element, name);
  }
}

function children(parent: XmlElement, name: string, depth: number): XmlElement[] {
  if (depth > deepestElements) throw badXml(name, `nested deeper than ${deepestElements} elements`);
  const found: XmlElement[] = [];
  for (let node = parent.firstChild; node; node = node.next) {
    if (node instanceof XmlElement) found.push(node);
    else if (node instanceof XmlText && node.content.trim() !== "") throw badXml(name, `line ${node.line}: text in <${parent.name}>`);
  }
  return found;
}

function attributes(element: XmlElement): Json {
  const found: Json = {};
  for (const attribute of element.attrs) found[attribute.name] = attribute.value;
  return found;
}

function numeric(json: Json, keys: readonly string[]): Json {
  const converted = { ...json };
  for (const key of keys) if (typeof json[key] === "string" && /^\d{1,10}$/.test(json[key])) converted[key] = Number(json[key]);
  return converted;
}

function boolean(json: Json, key: string): Json {
  return json[key] === "true" || json[key] === "false" ? { ...json, [key]: json[key] === "true" } : json;
}

function unexpected(element: XmlElement, name: string): TablesError {
  return badXml(name, `line ${element.line}: <${element.name.slice(0, 40)}> was not expected in <${element.parent?.name ?? "document"}>`);
}

function badXml(name: string, reason: string, cause?: unknown): TablesError {
  return new TablesError("input", "bad-xml", `${name}: ${reason.trim().slice(0, 400)}.`, { field: name }, cause);
}
