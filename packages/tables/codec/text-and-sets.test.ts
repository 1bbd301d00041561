import { fromHex, toHex } from "@metersmith/base/bytes";
import { expect, test } from "vitest";
import { Unwritable, type Codec } from "./codec.ts";
import { dataFormats } from "./data-formats.ts";
import { plainOctets, set } from "./octets.ts";
import { text, withoutPad } from "./text.ts";
import type { FieldValue } from "../field-value.ts";
import { TablesError } from "../tables-error.ts";

const characters = (format: number) => dataFormats(format << 1, 2, 0);

function write(codec: Codec, value: FieldValue): string {
  const octets = new Uint8Array(codec.width);
  codec.write(octets, 0, value);
  return toHex(octets);
}

test("text loses its trailing blanks and gets them back; a pad of NULs stays, and `withoutPad` takes it off", () => {
  const codec = text(6, characters(1));
  expect(codec.read(fromHex("524154452020"), 0)).toBe("RATE");
  expect(write(codec, "RATE")).toBe("524154452020");
  expect(codec.read(fromHex("524154450000"), 0)).toBe("RATE\0\0");
  expect(withoutPad("RATE\0\0")).toBe("RATE");
});

test.each([1, 2, 3, 4, 5])("CHAR_FORMAT %i gives back each mixture of blanks, NULs and characters", (format) => {
  for (const order of [0, 1]) {
    const codec = text(8, dataFormats((format << 1) | order, 2, 0));
    for (const hex of ["0000000000000000", "2020202020202000", "2000200020002000", "0020002000200000", "4100000020000000", "0000004100000000", "0000000000000020", "2000000041000000"]) {
      expect(write(codec, codec.read(fromHex(hex), 0)), `${hex}, order ${order}`).toBe(hex);
    }
  }
});

test.each([
  { format: 1, name: "ISO 646", hex: "e9202020", value: "raw:e9202020" },
  { format: 2, name: "ISO 8859-1", hex: "e9202020", value: "é" },
  { format: 3, name: "UTF-8", hex: "c3a92020", value: "é" },
  { format: 3, name: "UTF-8", hex: "c3202020", value: "raw:c3202020" },
])("$name reads $hex as $value and writes it back", ({ format, hex, value }) => {
  const codec = text(4, characters(format));
  expect(codec.read(fromHex(hex), 0)).toBe(value);
  expect(write(codec, value)).toBe(hex);
});

test.each([
  // U+00E9 and U+1F50C (in UTF-16 the pair D83D DD0C), by the Unicode standard's own tables.
  { format: 4, order: 0, hex: "e9003dd80cdd2000", value: "é\u{1f50c}" },
  { format: 4, order: 1, hex: "00e9d83ddd0c0020", value: "é\u{1f50c}" },
  { format: 4, order: 1, hex: "d83d002000200020", value: "raw:d83d002000200020" },
  { format: 5, order: 0, hex: "e90000000cf50100", value: "é\u{1f50c}" },
  { format: 5, order: 1, hex: "000000e90001f50c", value: "é\u{1f50c}" },
  { format: 5, order: 1, hex: "0011000000000020", value: "raw:0011000000000020" },
])("UTF-16 and UTF-32 in the meter's data order: $format, $order, $hex", ({ format, order, hex, value }) => {
  const codec = text(8, dataFormats((format << 1) | order, 2, 0));
  expect(codec.read(fromHex(hex), 0)).toBe(value);
  expect(write(codec, value)).toBe(hex);
});

test("octets that make no whole unit are zero, or the field is shown raw", () => {
  const codec = text(5, characters(4));
  expect(write(codec, "AB")).toBe("4100420000");
  expect(codec.read(fromHex("4100420001"), 0)).toBe("raw:4100420001");
  expect(() => write(codec, "ABC")).toThrow(Unwritable);
});

test.each([[1, "ABCDE"], [1, "é"], [3, "ééé"], [3, "\ud800"], [1, 5], [4, "ABC"], [5, "AB"], [4, "\ud800"], [5, "\ud800"]])("CHAR_FORMAT %i refuses %s in four octets", (format, value) => {
  expect(() => write(text(4, characters(format)), value)).toThrow(Unwritable);
});

test("text that looks like raw octets is told apart from them", () => {
  const codec = text(8, characters(1));
  const octets = new TextEncoder().encode("raw:00  ");
  expect(codec.read(octets, 0)).toBe(`raw:${toHex(octets)}`);
  expect(write(codec, codec.read(octets, 0))).toBe(toHex(octets));
});

test("member k of a set is bit k mod 8 of octet k / 8, bit 7 of each octet included", () => {
  const codec = set(2);
  expect(codec.read(fromHex("8180"), 0)).toEqual([0, 7, 15]);
  expect(write(codec, [0, 7, 15])).toBe("8180");
  for (const wrong of [[16], [-1], [0.5], [1, 1], "1"]) expect(() => write(codec, wrong)).toThrow(Unwritable);
});

test("octets stay in their order whatever the data order", () => {
  expect(plainOctets("binary", 3).read(fromHex("010203"), 0)).toBe("010203");
  expect(() => write(plainOctets("bcd", 2), "123")).toThrow(Unwritable);
});

test.each([
  ["CHAR_FORMAT", [0x00, 0x02, 0x88]],
  ["TM_FORMAT", [0x02, 0x05, 0x88]],
  ["INT_FORMAT", [0x02, 0xc2, 0x88]],
  ["NI_FORMAT1", [0x02, 0x02, 0x8e]],
  ["NI_FORMAT2", [0x02, 0x02, 0xf8]],
])("a %s without a reading is an error that names it", (field, [one, two, three]) => {
  expect(() => dataFormats(one ?? 0, two ?? 0, three ?? 0)).toThrow(expect.objectContaining({ code: "unsupported-format", context: expect.objectContaining({ field }) as unknown }) as TablesError);
});
