import { expect, test } from "vitest";
import { evaluate, parseExpression, tablesRead, type Scope } from "./expression.ts";
import { TablesError } from "../tables-error.ts";

const fields = new Map([["ACT_REGS_TBL.NBR_DEMANDS", 9], ["ACT_REGS_TBL.REG_FUNC1.CUM_DEMAND", 1]]);
const scope: Scope = {
  number: (table, path) => fields.get(`${table}.${path}`) ?? 0,
  member: (table, path, member) => table === "GEN_CONFIG_TBL" && path === "STD_TBLS_USED" && member === 64,
};
const value = (text: string): number => evaluate(parseExpression(text), scope);

test.each([
  ["1 + 2 * 3", 7],
  ["(1 + 2) * 3", 9],
  ["7 - 2 - 1", 4],
  ["(ACT_REGS_TBL.NBR_DEMANDS + 7) / 8", 2],
  ["7 % 4", 3],
  ["ACT_REGS_TBL.NBR_DEMANDS >= 9 and not ACT_REGS_TBL.REG_FUNC1.CUM_DEMAND", 0],
  ["1 == 2 or 3 != 4", 1],
  ["has(GEN_CONFIG_TBL.STD_TBLS_USED, 60 + 4)", 1],
  ["has(GEN_CONFIG_TBL.STD_TBLS_USED, 65)", 0],
])("%s is %i", (text, expected) => {
  expect(value(text)).toBe(expected);
});

test("what decides without the right side does not ask it", () => {
  expect(value("0 and 1 / 0")).toBe(0);
  expect(value("1 or 1 / 0")).toBe(1);
});

test.each(["", "1 +", "(1", "1 2", "has(3, 4)", "has(A.B)", "A", "a.b", "1 ? 2 : 3", "99999999999999999999", "(".repeat(200), "not ".repeat(90) + "1", "1".repeat(401)])(
  "%j is refused",
  (text) => {
    expect(() => parseExpression(text)).toThrow(TablesError);
  },
);

test("division by zero is a dimension that gives no layout", () => {
  expect(() => value("1 / 0")).toThrow(expect.objectContaining({ code: "bad-dimension" }) as TablesError);
});

test("the tables that an expression reads", () => {
  expect(tablesRead(parseExpression("has(A_TBL.S, B_TBL.N) and not C_TBL.F + 1"))).toEqual(["A_TBL", "B_TBL", "C_TBL"]);
});
