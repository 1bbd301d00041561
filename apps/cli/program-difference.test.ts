import type { Build } from "@metersmith/programs";
import { maskOf } from "@metersmith/tables";
import { beforeAll, expect, test } from "vitest";
import { deviceTypeOf } from "./files.ts";
import { programDifferences } from "./program-difference.ts";

let context: Awaited<ReturnType<typeof deviceTypeOf>>["context"];
beforeAll(async () => {
  ({ context } = await deviceTypeOf("rx-2s"));
});

type Image = Build["writes"][number];

function image(table: number, paths: readonly string[], fill: number): Image {
  const layout = context.layout(table);
  return { table, name: layout.name, bytes: new Uint8Array(layout.size).fill(fill), mask: maskOf(layout, paths) };
}

const build = (writes: readonly Image[], checks: readonly Image[] = []): Build => ({ writes, checks }) as unknown as Build;

test("a table that only one of two programs writes differs in each field that it writes, whatever the octets are", () => {
  const some = build([image(6, ["TARIFF_ID"], 0x41)]);
  const none = build([]);
  expect(programDifferences(context, none, some)).toMatchObject([{ part: "writes", table: 6, path: "TARIFF_ID", before: null, after: "AAAAAAAA" }]);
  expect(programDifferences(context, some, none)).toMatchObject([{ part: "writes", table: 6, path: "TARIFF_ID", before: "AAAAAAAA", after: null }]);
  expect(programDifferences(context, some, some)).toEqual([]);
});

test("a field that is checked on one side and written on the other differs in both", () => {
  const [written, checked] = [build([image(6, ["TARIFF_ID"], 0x41)]), build([], [image(6, ["TARIFF_ID"], 0x41)])];
  expect(programDifferences(context, written, checked).map(({ part, before, after }) => [part, before, after])).toEqual([
    ["writes", "AAAAAAAA", null],
    ["checks", null, "AAAAAAAA"],
  ]);
});

test("octets outside both masks are nobody's difference", () => {
  expect(programDifferences(context, build([image(6, ["TARIFF_ID"], 0x41)]), build([{ ...image(6, ["TARIFF_ID"], 0x42), bytes: image(6, [], 0x41).bytes }]))).toEqual([]);
});
