import { ExpressionError } from "./expression-error.ts";
import type { BinaryOperator, ExpressionNode, ExpressionValue, FunctionName } from "./node.ts";

export type Scope = ReadonlyMap<string, ExpressionValue>;

/** Characters of text that one step reads or joins. */
const charactersPerStep = 16;

/** One evaluation, with the steps that it has left. */
export class Evaluation {
  readonly #text: string;
  #left: number;

  constructor(text: string, most: number) {
    this.#text = text;
    this.#left = most;
  }

  value(node: ExpressionNode, scope: Scope): ExpressionValue {
    this.#spend(1);
    switch (node.kind) {
      case "literal": return node.value;
      case "name": return this.#known(scope, node.name);
      case "member": return this.#member(this.value(node.of, scope), node.name);
      case "index": return this.#element(this.value(node.of, scope), this.value(node.index, scope));
      case "list": return node.items.map((item) => this.value(item, scope));
      case "unary": return node.operator === "!" ? !this.#truth(this.value(node.of, scope)) : -this.#number(this.value(node.of, scope));
      case "binary": return node.operator === "&&" || node.operator === "||" ? this.#logic(node, scope) : this.#combined(node.operator, this.value(node.left, scope), this.value(node.right, scope));
      case "choice": return this.value(this.#truth(this.value(node.condition, scope)) ? node.then : node.otherwise, scope);
      case "has": return memberOf(this.value(node.of.of, scope), node.of.name) !== undefined;
      case "call": return this.#call(node.name, node.parameters.map((one) => this.value(one, scope)));
      case "macro": return this.#macro(node, scope);
    }
  }

  /** As in CEL, a side that decides also decides where the other has no value. */
  #logic({ operator, left, right }: Extract<ExpressionNode, { kind: "binary" }>, scope: Scope): boolean {
    const decides = operator === "||";
    let failure: ExpressionError | undefined;
    for (const side of [left, right]) {
      try {
        if (this.#truth(this.value(side, scope)) === decides) return decides;
      } catch (error) {
        if (!(error instanceof ExpressionError) || error.code !== "no-value") throw error;
        failure = error;
      }
    }
    if (failure) throw failure;
    return !decides;
  }

  #combined(operator: Exclude<BinaryOperator, "&&" | "||">, left: ExpressionValue, right: ExpressionValue): ExpressionValue {
    switch (operator) {
      case "==": return this.#equal(left, right);
      case "!=": return !this.#equal(left, right);
      case "in": return this.#within(left, right);
      case "+": return this.#sum(left, right);
      case "-": return this.#number(left) - this.#number(right);
      case "*": return this.#number(left) * this.#number(right);
      case "%": return this.#remainder(this.#number(left), this.#number(right));
      default: return this.#ordered(operator, left, right);
    }
  }

  #ordered(operator: "<" | "<=" | ">" | ">=", left: ExpressionValue, right: ExpressionValue): boolean {
    const alike = (typeof left === "number" && typeof right === "number") || (typeof left === "string" && typeof right === "string");
    if (!alike) throw this.#none(`${kindOf(left)} ${operator} ${kindOf(right)} is not compared`);
    if (typeof left === "string") this.#spend(left.length / charactersPerStep);
    switch (operator) {
      case "<": return left < right;
      case "<=": return left <= right;
      case ">": return left > right;
      case ">=": return left >= right;
    }
  }

  #sum(left: ExpressionValue, right: ExpressionValue): ExpressionValue {
    if (typeof left === "string" && typeof right === "string") {
      this.#spend((left.length + right.length) / charactersPerStep);
      return left + right;
    }
    if (isList(left) && isList(right)) {
      this.#spend(left.length + right.length);
      return [...left, ...right];
    }
    return this.#number(left) + this.#number(right);
  }

  /** Of whole numbers; the sign is the left one's. */
  #remainder(left: number, right: number): number {
    if (!Number.isInteger(left) || !Number.isInteger(right)) throw this.#none("% takes whole numbers");
    if (right === 0) throw this.#none("% by zero");
    return left % right;
  }

  #within(item: ExpressionValue, whole: ExpressionValue): boolean {
    if (isList(whole)) return whole.some((one) => this.#equal(one, item));
    if (isRecord(whole) && typeof item === "string") return Object.hasOwn(whole, item);
    throw this.#none(`${kindOf(item)} in ${kindOf(whole)} has no meaning`);
  }

  #equal(left: ExpressionValue, right: ExpressionValue): boolean {
    this.#spend(typeof left === "string" ? 1 + left.length / charactersPerStep : 1);
    if (isList(left) && isList(right)) return left.length === right.length && left.every((one, at) => this.#equal(one, right[at] ?? null));
    if (isRecord(left) && isRecord(right)) {
      const keys = Object.keys(left);
      return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && this.#equal(left[key] ?? null, right[key] ?? null));
    }
    return left === right;
  }

  #call(name: FunctionName, [of = null, parameter = null]: readonly ExpressionValue[]): ExpressionValue {
    if (name === "size") {
      if (typeof of === "string") {
        this.#spend(of.length / charactersPerStep);
        return Array.from(of).length;
      }
      if (isList(of)) return of.length;
      if (isRecord(of)) return Object.keys(of).length;
      throw this.#none(`${kindOf(of)} has no size`);
    }
    if (typeof of !== "string" || typeof parameter !== "string") throw this.#none(`${name} takes texts, not ${kindOf(of)} and ${kindOf(parameter)}`);
    this.#spend((of.length + parameter.length) / charactersPerStep);
    if (name === "contains") return of.includes(parameter);
    return name === "startsWith" ? of.startsWith(parameter) : of.endsWith(parameter);
  }

  #macro({ name, of, variable, body }: Extract<ExpressionNode, { kind: "macro" }>, scope: Scope): ExpressionValue {
    const whole = this.value(of, scope);
    const items = isList(whole) ? whole : isRecord(whole) ? Object.keys(whole) : undefined;
    if (!items) throw this.#none(`${name} goes over a list, not ${kindOf(whole)}`);
    const within = new Map(scope);
    const made = (item: ExpressionValue): ExpressionValue => this.value(body, within.set(variable, item));
    if (name === "map") return items.map(made);
    if (name === "filter") return items.filter((item) => this.#truth(made(item)));
    // As with && and ||: one item that decides is enough, whatever the others are.
    const decides = name === "exists";
    let failure: ExpressionError | undefined;
    for (const item of items) {
      try {
        if (this.#truth(made(item)) === decides) return decides;
      } catch (error) {
        if (!(error instanceof ExpressionError) || error.code !== "no-value") throw error;
        failure = error;
      }
    }
    if (failure) throw failure;
    return !decides;
  }

  #known(scope: Scope, name: string): ExpressionValue {
    const value = scope.get(name);
    if (value === undefined) throw this.#none(`there is no ${name}`);
    return value;
  }

  #member(of: ExpressionValue, name: string): ExpressionValue {
    const value = memberOf(of, name);
    if (value === undefined) throw this.#none(`${kindOf(of)} has no ${name}`);
    return value;
  }

  #element(of: ExpressionValue, index: ExpressionValue): ExpressionValue {
    const value = isList(of) && typeof index === "number" ? of[index] : typeof index === "string" ? memberOf(of, index) : undefined;
    if (value === undefined) throw this.#none(`${kindOf(of)} has no element ${typeof index === "number" ? index : kindOf(index)}`);
    return value;
  }

  #truth(value: ExpressionValue): boolean {
    if (typeof value === "boolean") return value;
    throw this.#none(`expected true or false, found ${kindOf(value)}`);
  }

  #number(value: ExpressionValue): number {
    if (typeof value === "number") return value;
    throw this.#none(`expected a number, found ${kindOf(value)}`);
  }

  #spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new ExpressionError("too-costly", this.#text, "takes more steps than it may");
  }

  #none(reason: string): ExpressionError {
    return new ExpressionError("no-value", this.#text, reason);
  }
}

function isList(value: ExpressionValue): value is readonly ExpressionValue[] {
  return Array.isArray(value);
}

function isRecord(value: ExpressionValue): value is { readonly [key: string]: ExpressionValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function memberOf(of: ExpressionValue, name: string): ExpressionValue | undefined {
  return isRecord(of) && Object.hasOwn(of, name) ? of[name] : undefined;
}

function kindOf(value: ExpressionValue): string {
  if (value === null) return "null";
  if (isList(value)) return "a list";
  return typeof value === "object" ? "a record" : typeof value === "string" ? "a text" : `a ${typeof value}`;
}
