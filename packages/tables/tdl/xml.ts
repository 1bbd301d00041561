import type { XmlElement } from "libxml2-wasm";
import { readTdlDocument } from "./document-reader.ts";
import type { TdlDocument } from "./model.ts";
import { attributes, badXml, boolean, children, leafAttributes, numeric, unexpected, validateXml, withDocument, type LooseJson } from "./xml-document.ts";

const provenance = ["source", "unverified"];
const meaning = ["enumeration", "unit", "default", "least", "most", "access", ...provenance];

/** Namespace of the XML form. Ours, until a copy of C12.19-2012 confirms the standard's own. */
export const tdlNamespace = "urn:metersmith:tdl:1";

/**
 * Reads TDL XML into canonical JSON definitions, which still need `readDefinitions` or `extendDefinitions`. For servers and the generator:
 * other programs read canonical JSON. Throws `bad-xml`, `bad-definition`.
 */
export function parseTdl(xml: string, name = "TDL"): TdlDocument {
  return withDocument(xml, name, (document) => readTdlDocument(documentJson(document.root, name)));
}

/** Holds a TDL document or a fragment against the schema `tdl.xsd`. Throws `bad-xml`. */
export function validateTdl(xml: string, schema: string, name = "TDL"): void {
  validateXml(xml, schema, name);
}

/** The lists of a document in which the elements of TDL go. */
export type DefinitionList = "types" | "enumerations" | "tables" | "procedures" | "undescribed";

function documentJson(root: XmlElement, name: string): LooseJson {
  if (root.name !== "tdl" || root.namespaceUri !== tdlNamespace) throw badXml(name, `the root must be <tdl xmlns="${tdlNamespace}">`);
  attributes(root, name, []);
  const lists: Record<DefinitionList, LooseJson[]> = { types: [], enumerations: [], tables: [], procedures: [], undescribed: [] };
  for (const element of children(root, name, 0)) {
    const found = definitionJson(element, name, 1);
    lists[found.list].push(found.json);
  }
  const { undescribed, ...described } = lists;
  return { format: "metersmith-tdl-1", ...described, ...(undescribed.length === 0 ? {} : { undescribed }) };
}

/** One element of a document as loose canonical JSON, and the list that it belongs to. Throws `bad-xml` for an unknown element. */
export function definitionJson(element: XmlElement, name: string, depth: number): { list: DefinitionList; json: LooseJson } {
  switch (element.name) {
    case "packedRecord":
      return { list: "types", json: { kind: "record", ...attributes(element, name, ["name", ...provenance]), members: members(element, name, depth) } };
    case "bitField":
      return { list: "types", json: { kind: "bits", ...attributes(element, name, ["name", "base", ...provenance]), members: members(element, name, depth) } };
    case "enumeration":
      return { list: "enumerations", json: { ...attributes(element, name, ["name", ...provenance]), values: children(element, name, depth).map((value) => enumerationValueJson(value, name)) } };
    case "table":
      return { list: "tables", json: boolean(numeric(leafAttributes(element, name, ["number", "name", "type", "otherwise", "openEnded", "access", ...provenance]), ["number"]), "openEnded") };
    case "procedure":
      return { list: "procedures", json: numeric(leafAttributes(element, name, ["number", "name", "parameters", "response", ...provenance]), ["number"]) };
    case "undescribed":
      return { list: "undescribed", json: numeric(leafAttributes(element, name, ["kind", "number", "last", "name", ...provenance]), ["number", "last"]) };
    default:
      throw unexpected(element, name);
  }
}

export function enumerationValueJson(element: XmlElement, name: string): LooseJson {
  if (element.name !== "value") throw unexpected(element, name);
  return numeric(leafAttributes(element, name, ["value", "name", ...provenance]), ["value"]);
}

function members(parent: XmlElement, name: string, depth: number): LooseJson[] {
  return children(parent, name, depth).map((element) => memberJson(element, name, depth));
}

/** A field, a sub-field, an `if` or a `switch` as loose canonical JSON. */
export function memberJson(element: XmlElement, name: string, depth: number): LooseJson {
  switch (element.name) {
    case "field":
      return { kind: "field", ...numeric(leafAttributes(element, name, ["name", "type", "length", "count", ...meaning]), ["least", "most"]) };
    case "bool": {
      const { bit, ...others } = numeric(leafAttributes(element, name, ["name", "bit", ...meaning]), ["bit", "least", "most"]);
      return { kind: "bit-range", type: "BOOL", first: bit, last: bit, ...others };
    }
    case "uint":
      return { kind: "bit-range", type: "UINT", ...numeric(leafAttributes(element, name, ["name", "first", "last", ...meaning]), ["first", "last", "least", "most"]) };
    case "if": {
      const [inner, otherwise] = lastApart(children(element, name, depth + 1), "else");
      return {
        kind: "if", ...attributes(element, name, ["test"]), then: inner.map((member) => memberJson(member, name, depth + 1)),
        ...(otherwise ? { else: branch(otherwise, name, depth + 2) } : {}),
      };
    }
    case "switch": {
      const [cases, otherwise] = lastApart(children(element, name, depth + 1), "default");
      return {
        kind: "switch", ...attributes(element, name, ["on"]),
        cases: cases.map((choice) => {
          if (choice.name !== "case") throw unexpected(choice, name);
          return {
            values: caseValues(choice, name),
            members: members(choice, name, depth + 2),
          };
        }),
        ...(otherwise ? { default: branch(otherwise, name, depth + 2) } : {}),
      };
    }
    default:
      throw unexpected(element, name);
  }
}

/** Whole numbers in decimal digits with blanks between. */
function caseValues(choice: XmlElement, name: string): number[] {
  const { values } = attributes(choice, name, ["values"]);
  if (typeof values !== "string" || !/^\s*\d{1,10}(\s+\d{1,10})*\s*$/.test(values)) throw badXml(name, `line ${choice.line}: <case> needs values, whole numbers with blanks between`);
  return values.trim().split(/\s+/).map(Number);
}

/** Elements, and the last one apart where it has that name. */
function lastApart(elements: readonly XmlElement[], name: string): readonly [readonly XmlElement[], XmlElement | undefined] {
  const last = elements.at(-1);
  return last?.name === name ? [elements.slice(0, -1), last] : [elements, undefined];
}

/** The members of `else` and `default`, which have no attributes. */
function branch(element: XmlElement, name: string, depth: number): LooseJson[] {
  attributes(element, name, []);
  return members(element, name, depth);
}
