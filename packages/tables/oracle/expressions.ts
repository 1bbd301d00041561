import type { Expression } from "../tdl/expression.ts";

/** Fields of tables as an expression names them. */
export interface Fields {
  /** Of a flag 0 or 1. */
  number(table: string, path: string): number;
  members(table: string, path: string): readonly number[];
}

/** The value of an expression, worked out from its form as read; truth is any number but 0. Throws `RangeError` where it divides by zero. */
export function valueOf(expression: Expression, fields: Fields): number {
  switch (expression.kind) {
    case "number": return expression.value;
    case "field": return fields.number(expression.table, expression.path);
    case "member": return fields.members(expression.table, expression.path).includes(valueOf(expression.member, fields)) ? 1 : 0;
    case "not": return valueOf(expression.of, fields) === 0 ? 1 : 0;
    case "binary": break;
  }
  const left = valueOf(expression.left, fields);
  const right = (): number => valueOf(expression.right, fields);
  const truth = (holds: boolean): number => (holds ? 1 : 0);
  switch (expression.operator) {
    case "and": return truth(left !== 0 && right() !== 0);
    case "or": return truth(left !== 0 || right() !== 0);
    case "==": return truth(left === right());
    case "!=": return truth(left !== right());
    case "<": return truth(left < right());
    case "<=": return truth(left <= right());
    case ">": return truth(left > right());
    case ">=": return truth(left >= right());
    case "+": return left + right();
    case "-": return left - right();
    case "*": return left * right();
    default: {
      const divisor = right();
      if (divisor === 0) throw new RangeError("division by zero");
      return expression.operator === "/" ? Math.trunc(left / divisor) : left % divisor;
    }
  }
}
