import { Evaluation } from "./expression/evaluate.ts";
import { ExpressionError } from "./expression/expression-error.ts";
import { partsOf, type ExpressionNode, type ExpressionValue } from "./expression/node.ts";
import { parseExpression } from "./expression/parse.ts";

export { ExpressionError, type ExpressionErrorCode } from "./expression/expression-error.ts";
export type { ExpressionNode, ExpressionValue } from "./expression/node.ts";

/** Steps that an evaluation may take where the caller does not say. */
const mostSteps = 10_000;

/**
 * Conditions and rules as data, in one language everywhere: a subset of CEL (Common Expression Language) over JSON values. There are numbers, texts, true, false, null, lists, `a.b`,
 * `a[0]`, `! - * % + - < <= > >= == != in && || ?:`, `size(x)`, `has(a.b)`, `x.startsWith(y)`, `endsWith`, `contains`, and over lists `all(x, …)`, `exists`, `filter`, `map`.
 *
 * Stricter than CEL: numbers are of one kind, so there is no `/` (CEL's depends on two kinds), and `%` takes whole numbers only; no calls of other functions, no bytes, no time. As in
 * CEL, `&&`, `||`, `all` and `exists` have a value where one side decides, though the other has none. At most 2000 characters and 32 levels; each evaluation has a limit of steps, and
 * ends at it. Source of the meanings: CEL language definition.
 */
export class Expression {
  readonly text: string;
  readonly node: ExpressionNode;

  /** Throws `bad-expression`. */
  constructor(text: string) {
    this.text = text;
    this.node = parseExpression(text);
  }

  /** Throws `no-value`, `too-costly`. */
  value(scope: { readonly [name: string]: ExpressionValue }, most = mostSteps): ExpressionValue {
    return new Evaluation(this.text, most).value(this.node, new Map(Object.entries(scope)));
  }

  /** The value of a condition: true or false, and nothing else. Throws `no-value`, `too-costly`. */
  holds(scope: { readonly [name: string]: ExpressionValue }, most = mostSteps): boolean {
    const value = this.value(scope, most);
    if (typeof value === "boolean") return value;
    throw new ExpressionError("no-value", this.text, "is no condition: its value is neither true nor false");
  }

  /** The paths that it reads of what it is given, each as far as it is fixed: `demand.kind`, `registers.demand`. */
  get paths(): readonly string[] {
    const found = new Set<string>();
    collect(this.node, new Set(), found);
    return [...found];
  }
}

function collect(node: ExpressionNode, own: ReadonlySet<string>, found: Set<string>): void {
  const path = pathOf(node);
  if (path) {
    if (!own.has(path[0] ?? "")) found.add(path.join("."));
    return;
  }
  if (node.kind === "macro") {
    collect(node.of, own, found);
    collect(node.body, new Set([...own, node.variable]), found);
    return;
  }
  for (const part of partsOf(node)) collect(part, own, found);
}

function pathOf(node: ExpressionNode): string[] | undefined {
  if (node.kind === "name") return [node.name];
  const before = node.kind === "member" ? pathOf(node.of) : undefined;
  return before && node.kind === "member" ? [...before, node.name] : undefined;
}
