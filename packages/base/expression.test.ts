import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Expression, ExpressionError, type ExpressionValue } from "./expression.ts";

const scope = {
  demand: { intervalMinutes: 15, kind: "block" },
  registers: { energy: ["kWh-delivered", "kWh-received"], demand: [] },
  limit: 40.5,
  nothing: null,
} as const;

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ExpressionError) return error.code;
    throw error;
  }
  return "none";
}

describe("meanings by the CEL language definition", () => {
  // Precedence, short circuits that absorb what has no value, macros, heterogeneous equality: each row is worked by hand from the definition.
  test.each<[string, ExpressionValue]>([
    ["1 + 2 * 3", 7],
    ["-2 * -3", 6],
    ["7 % 3", 1],
    ["-7 % 3", -1],
    ["1 + 2 == 3 && 2 < 1 || true", true],
    ["false ? 1 : true ? 2 : 3", 2],
    ["!(1 < 2)", false],
    ["'ab' + \"cd\" == 'abcd'", true],
    ["'a' < 'b'", true],
    ["1 == '1'", false],
    ["[1, 2] == [1, 2]", true],
    ["[1, 2] + [3]", [1, 2, 3]],
    ["2 in [1, 2]", true],
    ["'kind' in demand", true],
    ["demand.intervalMinutes % 5 == 0", true],
    ["demand['kind']", "block"],
    ["registers.energy[1]", "kWh-received"],
    ["size(registers.energy)", 2],
    ["size('äöü')", 3],
    ["has(demand.kind) && !has(demand.subintervals)", true],
    ["registers.energy.all(q, q.startsWith('kWh'))", true],
    ["registers.energy.exists(q, q.endsWith('received'))", true],
    ["registers.energy.filter(q, q.contains('del'))", ["kWh-delivered"]],
    ["registers.energy.map(q, size(q))", [13, 12]],
    ["registers.demand.all(q, false)", true],
    ["registers.demand.exists(q, true)", false],
    ["missing.thing || true", true],
    ["true || missing.thing", true],
    ["missing.thing && false", false],
    ["[0, 1].exists(x, 6 % x == 0)", true],
    ["nothing == null", true],
    ["'it\\'s'", "it's"],
  ])("%s", (text, value) => expect(new Expression(text).value(scope)).toEqual(value));

  test.each(["missing", "demand.absent", "registers.energy[2]", "1 % 0", "1.5 % 2", "1 < 'a'", "1 + 'a'", "!1", "true && 1", "size(1)", "missing.thing && true", "1 in 2", "[1].all(x, x)"])("%s has no value", (text) => {
    expect(codeOf(() => new Expression(text).value(scope))).toBe("no-value");
  });

  test.each(["", "1 +", "(1", "a b", "1 / 2", "a.b(", "f(1)", "a.matches('x')", "'open", "'\\q'", "has(a)", "in", "a.all(1, true)", "9".repeat(20), "#", `${"(".repeat(40)}1${")".repeat(40)}`, "x".repeat(2001)])("%s is none", (text) => {
    expect(codeOf(() => new Expression(text))).toBe("bad-expression");
  });
});

test("what a condition reads is told, without its own variables", () => {
  expect(new Expression("demand.kind == 'sliding' && registers.demand.all(q, q in catalog) && size(limits.a[0].b) > 1").paths).toEqual(["demand.kind", "registers.demand", "catalog", "limits.a"]);
});

test("names of an object's own making are no members", () => {
  for (const text of ["demand.constructor", "demand['__proto__']", "registers.energy['length']", "toString"]) expect(codeOf(() => new Expression(text).value(scope))).toBe("no-value");
});

describe("cost is bounded", () => {
  test("a loop within a loop within a loop ends at the limit", () => {
    const numbers = Array.from({ length: 400 }, (_, at) => at);
    const nested = new Expression("n.all(a, n.all(b, n.all(c, n.all(d, true))))");
    expect(codeOf(() => nested.value({ n: numbers }))).toBe("too-costly");
  });

  test("texts and lists that double do too", () => {
    const doubled = (of: string, times: number): string => (times === 0 ? of : `[${doubled(of, times - 1)}].map(x, x + x)[0]`);
    expect(codeOf(() => new Expression(doubled("t", 14)).value({ t: "x".repeat(400) }))).toBe("too-costly");
    expect(codeOf(() => new Expression(doubled("t", 14)).value({ t: [1, 2, 3] }))).toBe("too-costly");
  });

  test("any text is an expression or refused, and any expression ends: nothing else is thrown", () => {
    const word = fc.constantFrom("demand", "registers", "limit", ".", "kind", "energy", "(", ")", "[", "]", "+", "-", "*", "%", "==", "<", "in", "&&", "||", "!", "?", ":", "1", "'a'", ".all(x,", ".map(y,", "x", "size(", "has(", ",", "null");
    fc.assert(fc.property(fc.oneof(fc.string(), fc.array(word, { maxLength: 40 }).map((words) => words.join(" "))), (text) => {
      let expression: Expression;
      try {
        expression = new Expression(text);
      } catch (error) {
        expect(error).toMatchObject({ code: "bad-expression" });
        return;
      }
      expect(["none", "no-value", "too-costly"]).toContain(codeOf(() => expression.value(scope, 500)));
    }), { numRuns: 2000 });
  });
});
