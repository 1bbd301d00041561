import type { XmlElement } from "libxml2-wasm";
import { definitionJson, enumerationValueJson, memberJson, tdlNamespace } from "../tdl/xml.ts";
import { attributes, badXml, children, leafAttributes, numeric, unexpected, withDocument, type LooseJson } from "../tdl/xml-document.ts";
import type { Fragment } from "./fragment.ts";
import { readFragments } from "./fragment-reader.ts";

/** Attributes of definitions that are no text. */
const numbers: ReadonlySet<string> = new Set(["least", "most", "first", "last"]);
const flags: ReadonlySet<string> = new Set(["openEnded"]);

/**
 * Reads a fragment in XML into its canonical form. For servers and generators; the bounds are those of `parseTdl`. Throws `bad-xml`,
 * `bad-fragment`.
 */
export function parseFragment(xml: string, name = "fragment"): Fragment {
  return withDocument(xml, name, (document) => {
    const { root } = document;
    if (root.name !== "fragment" || root.namespaceUri !== tdlNamespace) throw badXml(name, `the root must be <fragment xmlns="${tdlNamespace}">`);
    const [fragment] = readFragments(fragmentJson(root, name));
    if (!fragment) throw badXml(name, "holds no fragment");
    return fragment;
  });
}

/** `when` once and first, then `over`, then operations, as the schema has it. */
function fragmentJson(root: XmlElement, name: string): LooseJson {
  const operations: LooseJson[] = [];
  const over: unknown[] = [];
  let when: LooseJson | undefined;
  for (const element of children(root, name, 0)) {
    const isLate = operations.length > 0 || (element.name === "when" && (when !== undefined || over.length > 0));
    if (element.name === "when" && !isLate) when = conditionJson(leafAttributes(element, name, ["manufacturer", "model", "firmwareFrom", "firmwareBelow"]));
    else if (element.name === "over" && !isLate) over.push(leafAttributes(element, name, ["fragment"])["fragment"]);
    else operations.push(operationJson(element, name));
  }
  return { format: "metersmith-fragment-1", ...attributes(root, name, ["name"]), ...(when === undefined ? {} : { when }), ...(over.length === 0 ? {} : { over }), operations };
}

function conditionJson({ firmwareFrom: from, firmwareBelow: below, ...others }: LooseJson): LooseJson {
  const firmware = { ...(from === undefined ? {} : { from }), ...(below === undefined ? {} : { below }) };
  return { ...others, ...(Object.keys(firmware).length === 0 ? {} : { firmware }) };
}

function operationJson(element: XmlElement, name: string): LooseJson {
  switch (element.name) {
    case "add": {
      const { value, ...others } = attributes(element, name, ["to", "after", "before", "value"]);
      return { op: "add", ...others, value: valueJson(element, String(others["to"]), value, name) };
    }
    case "replace": {
      const { value, ...others } = attributes(element, name, ["target", "value"]);
      return { op: "replace", ...others, value: valueJson(element, String(others["target"]), value, name) };
    }
    case "remove":
      return { op: "remove", ...leafAttributes(element, name, ["target"]) };
    case "restrict": {
      const { values, ...others } = numeric(leafAttributes(element, name, ["target", "access", "least", "most", "values"]), ["least", "most"]);
      return { op: "restrict", ...others, ...(typeof values === "string" ? { values: values.split(/\s+/).filter((digits) => digits !== "").map(Number) } : {}) };
    }
    default:
      throw unexpected(element, name);
  }
}

/** The element inside the operation, or the value of an attribute: one of the two. */
function valueJson(operation: XmlElement, target: string, text: unknown, name: string): unknown {
  const [element, second] = children(operation, name, 1);
  const surplus = second ?? (text === undefined ? undefined : element);
  if (surplus) throw unexpected(surplus, name);
  if (element) {
    if (["field", "bool", "uint", "if", "switch"].includes(element.name)) return memberJson(element, name, 2);
    return element.name === "value" ? enumerationValueJson(element, name) : definitionJson(element, name, 2).json;
  }
  const attribute = target.slice(target.lastIndexOf("/") + 1);
  if (numbers.has(attribute)) return numeric({ text }, ["text"])["text"];
  return flags.has(attribute) && (text === "true" || text === "false") ? text === "true" : text;
}
