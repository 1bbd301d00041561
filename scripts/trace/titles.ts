import { isNode, lineAt, parse, type SyntaxNode, textOf, visit } from "../syntax.ts";

export interface ProvenBy {
  readonly id: string;
  readonly path: string;
  readonly line: number;
  /** The test's title without its ids. */
  readonly title: string;
}

const testFunctions = new Set(["test", "it", "describe"]);

/** `test`, `test.each(…)`, `test.runIf(…)` …: the name at the root of what is called. */
function rootName(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "Identifier") return String(node["name"]);
  if (node.type === "MemberExpression") return rootName(node["object"]);
  if (node.type === "CallExpression") return rootName(node["callee"]);
  return node.type === "TaggedTemplateExpression" ? rootName(node["tag"]) : undefined;
}

/** A title with substitutions is known by its fixed parts. */
function titleOf(node: unknown): string | undefined {
  const whole = textOf(node);
  if (whole !== undefined || !isNode(node) || node.type !== "TemplateLiteral") return whole;
  return (node["quasis"] as SyntaxNode[]).map((part) => (part["value"] as { cooked?: string }).cooked ?? "").join("…");
}

/** The ids that stand in brackets in front of the titles of one test file: `[ACC-1] …`, `[ACC-1][ACC-2] …`, `[ACC-1, ACC-2] …`. */
export function provenIn(path: string, text: string): readonly ProvenBy[] {
  const found: ProvenBy[] = [];
  visit(parse(path, text), (node) => {
    if (node.type !== "CallExpression" || !testFunctions.has(rootName(node["callee"]) ?? "")) return;
    const title = titleOf((node["arguments"] as unknown[])[0]);
    const leading = /^(?:\s*\[[^\]]*\])+/.exec(title ?? "")?.[0];
    if (title === undefined || leading === undefined) return;
    const ids = leading.split(/[[\],\s]+/).filter((id) => id !== "");
    for (const id of ids) found.push({ id, path, line: lineAt(text, node.start), title: title.slice(leading.length).trim() });
  });
  return found;
}
