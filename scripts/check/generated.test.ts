import { expect, test } from "vitest";
import { stale } from "./generated.ts";

const tree = new Map([
  ["a/x.generated.ts", "old"],
  ["a/y.generated.ts", "fresh"],
  ["a/z.generated.ts", "left over"],
]);

test("a stale, a missing and an orphaned generated file are found, a fresh one is not", () => {
  const texts = new Map([
    ["a/x.generated.ts", "new"],
    ["a/y.generated.ts", "fresh"],
    ["a/w.generated.ts", "never written"],
  ]);
  const places = stale(texts, [...tree.keys()], (path) => tree.get(path)).map(({ place }) => place);
  expect(places).toEqual(["a/x.generated.ts", "a/w.generated.ts", "a/z.generated.ts"]);
});
