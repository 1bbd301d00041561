import { verifies } from "@metersmith/base/ed25519";
import { isFailure } from "@metersmith/base/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
import { testKey, testRecord } from "../testing/sealed-record.ts";
import { type ChainState, trustIn } from "./chain.ts";
import { closeRecord, openRecord, takeLine } from "./exported-record.ts";
import { allReached, holdAgainst, knownSealText, readKnownSeal } from "./known-seal.ts";

const trust = trustIn([testKey], verifies);

function read([first = "", ...rest]: readonly string[]): ChainState {
  let record = openRecord(first, trust);
  for (const [at, line] of rest.entries()) record = takeLine(record, line, at + 2);
  return closeRecord(record);
}

/** What was found, as the code and the place that it names. */
function found(lines: readonly string[]): Record<string, unknown> {
  try {
    return { seals: read(lines).seals };
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { code: error.code, ...error.context };
  }
}

const whole = testRecord([3, 1, 4]);
const without = (...dropped: number[]): string[] => whole.filter((_, at) => !dropped.includes(at));
const swapped = (a: number, b: number): string[] => whole.map((line, at) => (at === a ? whole[b] : at === b ? whole[a] : line) ?? "");
const changed = (at: number, from: string, to: string): string[] => whole.map((line, number) => (number === at ? line.replace(from, to) : line));

test("a record that nobody touched is whole, and says where it ends", () => {
  expect(read(whole)).toMatchObject({ seals: 3, entries: 8 });
});

test("spelling and order of members do not count", () => {
  const turned = whole.map((line) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line) as object).map(([key, value]) => [key, Object.fromEntries(Object.entries(value as object).toReversed())]))));
  expect(read([whole[0] ?? "", ...turned.slice(1)])).toMatchObject({ seals: 3 });
});

// Lines: 0 the header, 1–3 entries, 4 seal 1, 5 an entry, 6 seal 2, 7–10 entries, 11 seal 3.
test.each([
  ["an entry is altered", changed(2, "meter.program", "meter.read"), { code: "entry-altered", seal: 1, position: 1 }],
  ["an entry is missing", without(8), { code: "entry-missing", seal: 3, position: 8 }],
  ["an entry is there twice", [...whole.slice(0, 3), whole[2] ?? "", ...whole.slice(3)], { code: "entry-missing", seal: 1 }],
  ["two entries have changed places", swapped(7, 8), { code: "entry-altered", seal: 3 }],
  ["an entry stands under another seal", swapped(4, 5), { code: "entry-missing", seal: 1 }],
  ["a seal is missing with its entries", without(5, 6), { code: "seal-missing", seal: 3 }],
  ["a seal is missing", without(6), { code: "seal-missing", seal: 3 }],
  ["the first seal is missing with its entries", without(1, 2, 3, 4), { code: "seal-missing", seal: 2 }],
  ["a seal's number is altered", changed(6, '"number":2', '"number":1'), { code: "seal-order", seal: 1 }],
  ["a seal's time is altered", changed(6, "T08:00:01", "T08:00:02"), { code: "bad-signature", seal: 2 }],
  ["entries follow that no seal holds", without(11), { code: "entry-unchained", position: 5 }],
  ["an entry has a member more", changed(1, '"verb"', '"note":"x","verb"'), { code: "bad-file", line: 2 }],
  ["a line is no JSON", changed(5, "{", ""), { code: "bad-file", line: 6 }],
  ["the header is of another format", changed(0, "audit/1", "audit/2"), { code: "bad-file", line: 1 }],
])("where %s it is found, with its place", (_what, lines, place) => {
  expect(found(lines)).toMatchObject(place);
});

test("a seal of a key that is not trusted is refused, though the record itself names it", () => {
  let record = openRecord(whole[0] ?? "", { keys: new Map(), verifies });
  for (const line of whole.slice(1, 4)) record = takeLine(record, line, 2);
  expect(() => takeLine(record, whole[4] ?? "", 5)).toThrow(/key [0-9a-f]{16}, which is none of those given/);
});

test("a key that does not have the id it is given under is none", () => {
  expect(() => trustIn([{ ...testKey, id: "0".repeat(16) }], verifies)).toThrow(/no Ed25519 public key of this id/);
});

test("an end that was cut off shows only to who noted a later seal; one that was written anew to who noted any", () => {
  const noted = readKnownSeal(knownSealText(read(whole)) ?? "");
  const shorter = read(whole.slice(0, 7));
  expect(() => allReached([noted], [shorter])).toThrow(/seal 3 was noted earlier: its end was cut off/);
  const anew = read(testRecord([3, 1, 3]));
  expect(() => holdAgainst([noted], anew)).toThrow(/written anew/);
  expect(() => holdAgainst([noted], read(whole))).not.toThrow();
});

test("any one change of any line but the header's words is found", () => {
  const lines = testRecord([2, 3]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: lines.length - 1 }), fc.nat(), fc.constantFrom("drop", "double", "digit"), (at, place, how) => {
      const line = lines[at] ?? "";
      const digits = [...line.matchAll(/[0-9]/g)].map(({ index }) => index);
      const spot = digits[place % digits.length] ?? 0;
      const digit = line[spot] === "9" ? "8" : "9";
      const instead = how === "drop" ? [] : how === "double" ? [line, line] : [line.slice(0, spot) + digit + line.slice(spot + 1)];
      expect(found(lines.toSpliced(at, 1, ...instead))).toHaveProperty("code");
    }),
  );
});
