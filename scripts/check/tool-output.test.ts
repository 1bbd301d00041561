import { expect, test } from "vitest";
import { compilerProblems } from "./compiler.ts";
import { lintProblems } from "./lint.ts";

test("the compiler's complaints become problems with their place", () => {
  const output = "packages/base/a.ts(3,7): error TS2322: Type 'x' is not assignable.\n  More about it.\nerror TS5083: Cannot read file.\n";
  expect(compilerProblems(output)).toEqual([
    { place: "packages/base/a.ts:3", message: "TS2322: Type 'x' is not assignable." },
    { place: "tsconfig.json", message: "error TS5083: Cannot read file." },
  ]);
});

test("the linter's findings become problems with their place and rule", () => {
  const output = JSON.stringify({
    diagnostics: [{ filename: "a.ts", code: "eslint(eqeqeq)", message: "Expected ===", labels: [{ span: { line: 4 } }] }],
  });
  expect(lintProblems(output)).toEqual([{ place: "a.ts:4", message: "Expected === [eslint(eqeqeq)]" }]);
});
