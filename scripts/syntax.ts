import { parseAst } from "vitest/node";

/** A node of the ESTree syntax tree (with TypeScript's nodes), as far as these scripts look into it. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

/** The syntax tree of a TypeScript or JavaScript file. Throws where the text does not parse; the message names the place. */
export function parse(path: string, text: string): SyntaxNode {
  const lang = path.endsWith(".tsx") ? "tsx" : /\.m?ts$/.test(path) ? "ts" : "js";
  const program: unknown = parseAst(text, { lang }, path);
  if (!isNode(program)) throw new TypeError(`${path}: the parser gave no tree`);
  return program;
}

/** Visits every node, parents first. Returning false keeps it from the node's children. */
export function visit(node: SyntaxNode, look: (node: SyntaxNode) => boolean | void): void {
  if (look(node) === false) return;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, look);
  }
}

/** The text of a string literal, or of a template without substitutions. */
export function textOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "Literal" && typeof node["value"] === "string") return node["value"];
  if (node.type !== "TemplateLiteral" || !Array.isArray(node["quasis"]) || node["quasis"].length !== 1) return undefined;
  const quasi: unknown = node["quasis"][0];
  const value = isNode(quasi) ? (quasi["value"] as { cooked?: unknown } | undefined)?.cooked : undefined;
  return typeof value === "string" ? value : undefined;
}

/** Number of the line, from 1, that an offset lies on. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
