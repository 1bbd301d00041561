import { ExpressionError } from "./expression-error.ts";
import type { BinaryOperator, ExpressionNode, FunctionName, MacroName } from "./node.ts";
import { tokensOf, type Token } from "./tokens.ts";

const deepest = 32;

/** CEL's order, weakest first; operators of one row bind to the left. */
const rows: readonly (readonly BinaryOperator[])[] = [["||"], ["&&"], ["==", "!=", "<", "<=", ">", ">=", "in"], ["+", "-"], ["*", "%"]];
const functions: ReadonlySet<string> = new Set<FunctionName>(["startsWith", "endsWith", "contains"]);
const macros: ReadonlySet<string> = new Set<MacroName>(["all", "exists", "filter", "map"]);
/** Words that CEL keeps for itself. */
const reserved = new Set("as break const continue else for function if import let loop package namespace return var void while in true false null".split(" "));

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  whole(): ExpressionNode {
    const node = this.#choice();
    if (this.#next < this.#tokens.length) throw this.#unexpected();
    return node;
  }

  #choice(): ExpressionNode {
    if (++this.#depth > deepest) throw this.#wrong(`nested deeper than ${deepest}`);
    let node = this.#binary(0);
    if (this.#take("?")) {
      const then = this.#choice();
      this.#expect(":");
      node = { kind: "choice", condition: node, then, otherwise: this.#choice() };
    }
    this.#depth--;
    return node;
  }

  #binary(row: number): ExpressionNode {
    const operators = rows[row];
    if (!operators) return this.#unary();
    let left = this.#binary(row + 1);
    for (;;) {
      const token = this.#tokens[this.#next];
      const operator = token && (token.kind === "sign" || token.kind === "word") ? operators.find((one) => one === token.text) : undefined;
      if (operator === undefined) return left;
      this.#next++;
      left = { kind: "binary", operator, left, right: this.#binary(row + 1) };
    }
  }

  #unary(): ExpressionNode {
    const operator = this.#take("!") ? "!" : this.#take("-") ? "-" : undefined;
    if (operator === undefined) return this.#path();
    if (++this.#depth > deepest) throw this.#wrong(`nested deeper than ${deepest}`);
    const of = this.#unary();
    this.#depth--;
    return { kind: "unary", operator, of };
  }

  #path(): ExpressionNode {
    let node = this.#operand();
    for (;;) {
      if (this.#take("[")) {
        node = { kind: "index", of: node, index: this.#choice() };
        this.#expect("]");
      } else if (this.#take(".")) node = this.#after(node, this.#word());
      else return node;
    }
  }

  /** `.name`, `.startsWith(…)`, `.all(x, …)`. */
  #after(of: ExpressionNode, name: string): ExpressionNode {
    if (!this.#take("(")) return { kind: "member", of, name };
    if (functions.has(name)) return { kind: "call", name: name as FunctionName, parameters: [of, this.#closed()] };
    if (!macros.has(name)) throw this.#wrong(`${name} is no function; there are ${[...functions, ...macros].join(", ")}`);
    const variable = this.#name();
    this.#expect(",");
    return { kind: "macro", name: name as MacroName, of, variable, body: this.#closed() };
  }

  #operand(): ExpressionNode {
    const token = this.#tokens[this.#next];
    if (!token) throw this.#wrong("ends too early");
    if (token.kind === "number" || token.kind === "text") {
      this.#next++;
      return { kind: "literal", value: token.value };
    }
    if (this.#take("(")) return this.#closed();
    if (this.#take("[")) return this.#list();
    if (this.#take("true")) return { kind: "literal", value: true };
    if (this.#take("false")) return { kind: "literal", value: false };
    if (this.#take("null")) return { kind: "literal", value: null };
    const name = this.#name();
    if (!this.#take("(")) return { kind: "name", name };
    const of = this.#closed();
    if (name === "size") return { kind: "call", name, parameters: [of] };
    if (name !== "has") throw this.#wrong(`${name} is no function; there are size, has`);
    if (of.kind !== "member") throw this.#wrong("has(…) asks for a member, like has(a.b)");
    return { kind: "has", of };
  }

  #list(): ExpressionNode {
    const items: ExpressionNode[] = [];
    if (this.#take("]")) return { kind: "list", items };
    do items.push(this.#choice());
    while (this.#take(","));
    this.#expect("]");
    return { kind: "list", items };
  }

  /** One expression and the parenthesis that ends it. */
  #closed(): ExpressionNode {
    const node = this.#choice();
    this.#expect(")");
    return node;
  }

  /** Behind a point even reserved words are names. */
  #word(): string {
    const token = this.#tokens[this.#next];
    if (token?.kind !== "word") throw this.#unexpected();
    this.#next++;
    return token.text;
  }

  #name(): string {
    const token = this.#tokens[this.#next];
    if (token?.kind !== "word" || reserved.has(token.text)) throw this.#unexpected();
    this.#next++;
    return token.text;
  }

  #take(text: string): boolean {
    const token = this.#tokens[this.#next];
    const found = token !== undefined && (token.kind === "sign" || token.kind === "word") && token.text === text;
    if (found) this.#next++;
    return found;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#wrong(`"${text}" expected, ${this.#found()} found`);
  }

  #unexpected(): ExpressionError {
    return this.#wrong(`${this.#found()} was not expected`);
  }

  #found(): string {
    const token = this.#tokens[this.#next];
    if (!token) return "the end";
    return token.kind === "number" || token.kind === "text" ? JSON.stringify(token.value).slice(0, 40) : `"${token.text}"`;
  }

  #wrong(reason: string): ExpressionError {
    return new ExpressionError("bad-expression", this.#text, reason);
  }
}

/** Throws `bad-expression`. */
export function parseExpression(text: string): ExpressionNode {
  return new Parser(text).whole();
}
