import { Failure } from "../errors.ts";

/** `bad-expression` the text is none of the language · `no-value` it has no value for what it was given · `too-costly` it takes more steps than it may. */
export type ExpressionErrorCode = "bad-expression" | "no-value" | "too-costly";

export class ExpressionError extends Failure<ExpressionErrorCode> {
  constructor(code: ExpressionErrorCode, text: string, reason: string) {
    super("input", code, `expression "${text.length > 80 ? `${text.slice(0, 80)}…` : text}": ${reason}`, { field: text.slice(0, 80) });
  }
}
