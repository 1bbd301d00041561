import { expect, test } from "vitest";
import { Layout } from "./layout.ts";
import { LayoutCache } from "./layout-cache.ts";

const layoutOf = (leaves: number): Layout =>
  new Layout(1, "A_TBL", { kind: "record", type: "A_RCD", isBitField: false, members: [], byName: new Map(), size: 0, leaves, parts: 1 }, { littleEndian: true, openEnded: false });

test("a layout is made once for its key", () => {
  const cache = new LayoutCache();
  const made = cache.get("a", () => layoutOf(5));
  expect(cache.get("a", () => expect.fail("made again"))).toBe(made);
});

test("the oldest go when there are too many, and when they are too large together", () => {
  const cache = new LayoutCache();
  for (let i = 0; i < 2_001; i++) cache.get(`small ${i}`, () => layoutOf(1));
  const first = layoutOf(1);
  expect(cache.get("small 0", () => first)).toBe(first);

  // A meter that tells another dimension at each reading: two tables of the largest size are kept, not thirty.
  const made: string[] = [];
  const large = (key: string): void => {
    cache.get(key, () => (made.push(key), layoutOf(1_000_000)));
  };
  for (const key of ["a", "b", "c", "c", "b"]) large(key);
  expect(made).toEqual(["a", "b", "c"]);
  large("a");
  expect(made).toEqual(["a", "b", "c", "a"]);
});
