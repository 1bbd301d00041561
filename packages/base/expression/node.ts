/** What an expression computes with: JSON. */
export type ExpressionValue = null | boolean | number | string | readonly ExpressionValue[] | { readonly [key: string]: ExpressionValue };

export type BinaryOperator = "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "+" | "-" | "*" | "%";
export type FunctionName = "size" | "startsWith" | "endsWith" | "contains";
export type MacroName = "all" | "exists" | "filter" | "map";

/** An expression as a tree. Plain data, so that a condition can also be translated, into SQL for one. */
export type ExpressionNode =
  | { readonly kind: "literal"; readonly value: null | boolean | number | string }
  | { readonly kind: "name"; readonly name: string }
  | MemberNode
  | { readonly kind: "index"; readonly of: ExpressionNode; readonly index: ExpressionNode }
  | { readonly kind: "list"; readonly items: readonly ExpressionNode[] }
  | { readonly kind: "unary"; readonly operator: "!" | "-"; readonly of: ExpressionNode }
  | { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: ExpressionNode; readonly right: ExpressionNode }
  | { readonly kind: "choice"; readonly condition: ExpressionNode; readonly then: ExpressionNode; readonly otherwise: ExpressionNode }
  | { readonly kind: "has"; readonly of: MemberNode }
  | { readonly kind: "call"; readonly name: FunctionName; readonly parameters: readonly ExpressionNode[] }
  | { readonly kind: "macro"; readonly name: MacroName; readonly of: ExpressionNode; readonly variable: string; readonly body: ExpressionNode };

export interface MemberNode {
  readonly kind: "member";
  readonly of: ExpressionNode;
  readonly name: string;
}

/** The parts directly under a node, in the order of the text. */
export function partsOf(node: ExpressionNode): readonly ExpressionNode[] {
  switch (node.kind) {
    case "literal":
    case "name": return [];
    case "member":
    case "unary":
    case "has": return [node.of];
    case "index": return [node.of, node.index];
    case "list": return node.items;
    case "binary": return [node.left, node.right];
    case "choice": return [node.condition, node.then, node.otherwise];
    case "call": return node.parameters;
    case "macro": return [node.of, node.body];
  }
}
