import { isCode, isGeneratedOrData, readSource, servesTests, sourceFiles } from "../source-tree.ts";
import { isNode, lineAt, parse, type SyntaxNode, visit } from "../syntax.ts";
import type { Check, Problem } from "./check.ts";

/** Code that has neither IO nor clock nor randomness nor environment: the packages, and the rules of the modules. */
const isPure = (path: string): boolean =>
  /^(packages\/|modules\/[^/]+\/rules\/)/.test(path) && !servesTests(path) && !isGeneratedOrData(path);

const timers = ["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "requestAnimationFrame"];
const world = ["process", "Buffer", "fetch", "WebSocket", "XMLHttpRequest", "localStorage", "document", "window", "navigator"];

/** Names of the world outside that pure code may not use, and the port to take instead. */
const forbidden: ReadonlyMap<string, string> = new Map([
  ...timers.map((name) => [name, "take a Clock"] as const),
  ...world.map((name) => [name, "take a port from packages/base"] as const),
  ["performance", "take a Clock"],
  ["crypto", "take a Random"],
  ["console", "take a Log"],
]);

const members: ReadonlyMap<string, string> = new Map([
  ["Date.now", "take a Clock"],
  ["Math.random", "take a Random"],
]);

/** Uses of the clock, of randomness, of timers and of the platform's globals in the text of one pure file. */
export function impurities(path: string, text: string): readonly Problem[] {
  const tree = parse(path, text);
  const own = new Set<string>();
  visit(tree, (node) => collectOwnNames(node, own));
  const found: Problem[] = [];
  visit(tree, (node) => {
    const [what, instead] = impureUse(node, own) ?? [];
    if (what === undefined) return;
    found.push({ place: `${path}:${lineAt(text, node.start)}`, message: `uses ${what} in pure code; ${instead}` });
  });
  return found;
}

/** What of the outside a node uses, and what to take instead. Calls and members count; types and keys of that name do not. */
function impureUse(node: SyntaxNode, own: ReadonlySet<string>): readonly [what: string, instead: string | undefined] | undefined {
  const callee = nameOf(node["callee"]);
  if (node.type === "NewExpression" && callee === "Date" && (node["arguments"] as unknown[]).length === 0) {
    return ["new Date()", "take a Clock"];
  }
  const object = node.type === "MemberExpression" && node["computed"] !== true ? nameOf(node["object"]) : undefined;
  const member = `${object ?? ""}.${nameOf(node["property"]) ?? ""}`;
  if (members.has(member)) return [member, members.get(member)];
  const used = object ?? callee;
  if (used === undefined || own.has(used) || !forbidden.has(used)) return undefined;
  return [object === undefined ? used : member, forbidden.get(used)];
}

const nameOf = (node: unknown): string | undefined =>
  isNode(node) && node.type === "Identifier" ? String(node["name"]) : undefined;

/** Names that the file itself declares (variables, parameters, functions, imports): they hide the global of that name. */
function collectOwnNames(node: SyntaxNode, own: Set<string>): void {
  const add = (value: unknown): void => {
    if (isNode(value) && value.type === "Identifier") own.add(String(value["name"]));
    if (isNode(value) && value.type === "ObjectPattern") for (const one of value["properties"] as SyntaxNode[]) add(one["value"]);
    if (isNode(value) && value.type === "AssignmentPattern") add(value["left"]);
  };
  if (node.type === "VariableDeclarator" || node.type === "FunctionDeclaration") add(node["id"]);
  if (node.type.startsWith("Import") && "local" in node) add(node["local"]);
  if (Array.isArray(node["params"])) for (const parameter of node["params"]) add(parameter);
}

export const purity: Check = {
  name: "purity",
  about: "packages/ and modules/*/rules/ have no clock, randomness, timers, environment or platform globals",
  async run() {
    return sourceFiles()
      .filter((path) => isCode(path) && isPure(path))
      .flatMap((path) => impurities(path, readSource(path)));
  },
};
