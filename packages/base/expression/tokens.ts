import { ExpressionError } from "./expression-error.ts";

export type Token =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "sign"; readonly text: string };

const longest = 2000;
const pattern = /\s*(?:(\d+(?:\.\d+)?)|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|([A-Za-z_][A-Za-z0-9_]*)|(\|\||&&|==|!=|<=|>=|[-+*%<>!?:.,()[\]]))/y;
const escapes: ReadonlyMap<string, string> = new Map([["n", "\n"], ["t", "\t"], ["r", "\r"], ["\\", "\\"], ["'", "'"], ['"', '"']]);

/** At most 2000 characters. Throws `bad-expression`. */
export function tokensOf(text: string): readonly Token[] {
  if (text.length > longest) throw new ExpressionError("bad-expression", text, `longer than ${longest} characters`);
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  let at = 0;
  while (at < end) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) throw new ExpressionError("bad-expression", text, `cannot be read from "${text.slice(at, at + 20).trim()}" on`);
    const [, number, double, single, word, sign] = match;
    if (number !== undefined) tokens.push({ kind: "number", value: numberOf(number, text) });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else tokens.push({ kind: "text", value: unescaped(double ?? single ?? "", text) });
    at = pattern.lastIndex;
  }
  return tokens;
}

function numberOf(digits: string, text: string): number {
  const value = Number(digits);
  if (value > Number.MAX_SAFE_INTEGER) throw new ExpressionError("bad-expression", text, `${digits} is too large`);
  return value;
}

function unescaped(quoted: string, text: string): string {
  return quoted.replace(/\\(.)/g, (_, mark: string) => {
    const meant = escapes.get(mark);
    if (meant === undefined) throw new ExpressionError("bad-expression", text, `\\${mark} is no escape; there are \\n \\t \\r \\\\ \\' \\"`);
    return meant;
  });
}
