import { TablesError } from "../tables-error.ts";

type Arithmetic = "+" | "-" | "*" | "/" | "%";
type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";
type Logic = "and" | "or";

/** A dimension or condition over fields of other tables, for example `(ACT_REGS_TBL.NBR_DEMANDS + 7) / 8`. */
export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "field"; readonly table: string; readonly path: string }
  | { readonly kind: "member"; readonly table: string; readonly path: string; readonly member: Expression }
  | { readonly kind: "not"; readonly of: Expression }
  | { readonly kind: "binary"; readonly operator: Arithmetic | Comparison | Logic; readonly left: Expression; readonly right: Expression };

/** Where the fields that an expression names get their numbers. */
export interface Scope {
  /** The number of a field; flags are 0 and 1. */
  number(table: string, path: string): number;
  /** Whether a SET holds a member. */
  member(table: string, path: string, member: number): boolean;
}

const longest = 400;
const deepest = 24;
const token = /\s*(?:(\d+)|([A-Z][A-Z0-9_]*(?:\[\d+\])?(?:\.[A-Z][A-Z0-9_]*(?:\[\d+\])?)+)|(and|or|not|has)\b|(==|!=|<=|>=|[-+*/%<>(),]))/y;

const precedence: Readonly<Record<string, number>> = {
  or: 1, and: 2, "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "+": 4, "-": 4, "*": 5, "/": 5, "%": 5,
};

class Parser {
  readonly #text: string;
  readonly #tokens: string[] = [];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.length > longest) throw this.#wrong(`longer than ${longest} characters`);
    token.lastIndex = 0;
    const end = text.trimEnd().length;
    while (token.lastIndex < end) {
      const at = token.lastIndex;
      const match = token.exec(text);
      if (!match) throw this.#wrong(`cannot be read from "${text.slice(at, at + 20)}" on; fields are written TABLE.FIELD`);
      this.#tokens.push(match[0].trim());
    }
  }

  whole(): Expression {
    const expression = this.#binary(1);
    if (this.#next < this.#tokens.length) throw this.#wrong(`"${this.#tokens[this.#next]}" was not expected`);
    return expression;
  }

  #binary(least: number): Expression {
    if (++this.#depth > deepest) throw this.#wrong(`nested deeper than ${deepest}`);
    let left = this.#operand();
    for (;;) {
      const operator = this.#tokens[this.#next];
      const strength = operator === undefined ? undefined : precedence[operator];
      if (strength === undefined || strength < least) break;
      this.#next++;
      left = { kind: "binary", operator: operator as Arithmetic, left, right: this.#binary(strength + 1) };
    }
    this.#depth--;
    return left;
  }

  #operand(): Expression {
    const found = this.#tokens[this.#next++];
    if (found === undefined) throw this.#wrong("ends too early");
    if (/^\d/.test(found)) {
      const value = Number(found);
      if (!Number.isSafeInteger(value)) throw this.#wrong(`${found} is too large`);
      return { kind: "number", value };
    }
    if (found === "(") {
      const inner = this.#binary(1);
      this.#expect(")");
      return inner;
    }
    if (found === "not") {
      if (++this.#depth > deepest) throw this.#wrong(`nested deeper than ${deepest}`);
      const of = this.#operand();
      this.#depth--;
      return { kind: "not", of };
    }
    if (found === "has") {
      this.#expect("(");
      const set = this.#operand();
      if (set.kind !== "field") throw this.#wrong("has(set, member) needs a field first");
      this.#expect(",");
      const member = this.#binary(1);
      this.#expect(")");
      return { kind: "member", table: set.table, path: set.path, member };
    }
    const dot = found.indexOf(".");
    if (dot > 0) return { kind: "field", table: found.slice(0, dot), path: found.slice(dot + 1) };
    throw this.#wrong(`"${found}" was not expected`);
  }

  #expect(wanted: string): void {
    const found = this.#tokens[this.#next++];
    if (found !== wanted) throw this.#wrong(`"${wanted}" expected, ${found === undefined ? "the end" : `"${found}"`} found`);
  }

  #wrong(reason: string): TablesError {
    return new TablesError("input", "bad-definition", `Expression "${this.#text.slice(0, 80)}": ${reason}.`);
  }
}

/**
 * Reads an expression: whole numbers, `TABLE.FIELD.SUBFIELD`, `has(TABLE.SET, n)`, `+ - * / %` (division cuts to whole numbers),
 * comparisons, `and or not`, parentheses. At most 400 characters and 24 levels. The language is ours.
 */
export function parseExpression(text: string): Expression {
  return new Parser(text).whole();
}

/** The value of an expression; truth is any number but 0. Throws `bad-dimension` where it has none (division by zero). */
export function evaluate(expression: Expression, scope: Scope): number {
  switch (expression.kind) {
    case "number":
      return expression.value;
    case "field":
      return scope.number(expression.table, expression.path);
    case "member":
      return scope.member(expression.table, expression.path, evaluate(expression.member, scope)) ? 1 : 0;
    case "not":
      return evaluate(expression.of, scope) === 0 ? 1 : 0;
    case "binary":
      return combine(expression.operator, expression.left, expression.right, scope);
  }
}

function combine(operator: Arithmetic | Comparison | Logic, leftSide: Expression, rightSide: Expression, scope: Scope): number {
  const left = evaluate(leftSide, scope);
  if (operator === "and") return left === 0 ? 0 : Number(evaluate(rightSide, scope) !== 0);
  if (operator === "or") return left === 0 ? Number(evaluate(rightSide, scope) !== 0) : 1;
  const right = evaluate(rightSide, scope);
  switch (operator) {
    case "+": return left + right;
    case "-": return left - right;
    case "*": return left * right;
    case "/":
    case "%":
      if (right === 0) throw new TablesError("peer-data", "bad-dimension", "A dimension divides by zero.");
      return operator === "/" ? Math.trunc(left / right) : left % right;
    case "==": return Number(left === right);
    case "!=": return Number(left !== right);
    case "<": return Number(left < right);
    case "<=": return Number(left <= right);
    case ">": return Number(left > right);
    case ">=": return Number(left >= right);
  }
}

/** Names of the tables that an expression reads. */
export function tablesRead(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case "number":
      return [];
    case "field":
      return [expression.table];
    case "member":
      return [expression.table, ...tablesRead(expression.member)];
    case "not":
      return tablesRead(expression.of);
    case "binary":
      return [...tablesRead(expression.left), ...tablesRead(expression.right)];
  }
}
