import { fromHex, toHex } from "@metersmith/base/bytes";
import { describe, expect, test } from "vitest";
import { Unwritable, type Codec } from "./codec.ts";
import { dataFormats } from "./data-formats.ts";
import { bitRange, signedInteger, unsignedInteger } from "./integer.ts";
import { numberItem } from "./number-item.ts";

const leastFirst = dataFormats(0x02, 0x02, 0);
const mostFirst = dataFormats(0x03, 0x02, 0);

function write(codec: Codec, value: number | bigint | string | boolean): string {
  const octets = new Uint8Array(codec.width);
  codec.write(octets, 0, value);
  return toHex(octets);
}

/** NI formats by their widths and forms in the public header of the code list; octets by IEEE 754, two's complement, ISO 646 and BCD, by hand. */
const numberItems: readonly { format: number; value: number | bigint; least: string; most: string }[] = [
  { format: 0, value: -2.5, least: "00000000000004c0", most: "c004000000000000" },
  { format: 1, value: 4.5, least: "00009040", most: "40900000" },
  { format: 2, value: -12.5, least: "2d31322e35" + "20".repeat(7), most: "2d31322e35" + "20".repeat(7) },
  { format: 3, value: 1250, least: "313235302020", most: "313235302020" },
  { format: 4, value: 0.0001, least: "01000000", most: "00000001" },
  { format: 4, value: -1.5, least: "68c5ffff", most: "ffffc568" },
  { format: 5, value: 12_345_678.9012, least: "123456789012", most: "123456789012" },
  { format: 6, value: 1234.5678, least: "12345678", most: "12345678" },
  { format: 7, value: -2, least: "feffff", most: "fffffe" },
  { format: 8, value: 1_000_000, least: "40420f00", most: "000f4240" },
  { format: 9, value: -2, least: "feffffffff", most: "fffffffffe" },
  { format: 10, value: 140_737_488_355_327, least: "ffffffffff7f", most: "7fffffffffff" },
  { format: 11, value: -9_223_372_036_854_775_808n, least: "0000000000000080", most: "8000000000000000" },
  { format: 12, value: 1.5, least: "0000000000015000", most: "0000000000015000" },
  { format: 13, value: 1e21, least: "31653231" + "20".repeat(17), most: "31653231" + "20".repeat(17) },
];

test.each([[0, Number.POSITIVE_INFINITY], [1, 1e300], [1, Number.NEGATIVE_INFINITY]])("NI format %i has no octets for %d, through the flat vector either", (format, value) => {
  const codec = numberItem(format, leastFirst);
  expect(() => codec.setNumber(new Uint8Array(codec.width), 0, value)).toThrow(Unwritable);
});

describe.each(numberItems)("NI format $format", ({ format, value, least, most }) => {
  test(`${value} lies as ${least} and ${most}`, () => {
    expect(numberItem(format, leastFirst).read(fromHex(least), 0)).toBe(value);
    expect(numberItem(format, mostFirst).read(fromHex(most), 0)).toBe(value);
    expect(write(numberItem(format, leastFirst), value)).toBe(least);
    expect(write(numberItem(format, mostFirst), value)).toBe(most);
  });
});

test.each([
  [0, "000000000000f87f"],
  [1, "0000c07f"],
  [2, "6162632020202020" + "20202020"],
  [5, "1234567890ab"],
])("octets that NI format %i gives no number for read as they are, and go back", (format, hex) => {
  const codec = numberItem(format, leastFirst);
  expect(codec.read(fromHex(hex), 0)).toBe(`raw:${hex}`);
  expect(Number.isFinite(codec.number(fromHex(hex), 0))).toBe(false);
  expect(write(codec, `raw:${hex}`)).toBe(hex);
});

test.each([
  [1, 1e300],
  [3, 1234567],
  [4, 300_000],
  [6, -1],
  [6, 10_000],
  [7, 8_388_608],
  [8, 1.5],
])("NI format %i refuses %d", (format, value) => {
  expect(() => write(numberItem(format, leastFirst), value)).toThrow(Unwritable);
});

test("integers of 40 bits and more read as bigint, so that no digit is lost", () => {
  expect(unsignedInteger(5, leastFirst).read(fromHex("0100000001"), 0)).toBe(4_294_967_297n);
  expect(unsignedInteger(8, mostFirst).read(fromHex("ffffffffffffffff"), 0)).toBe(18_446_744_073_709_551_615n);
  expect(write(unsignedInteger(8, leastFirst), 18_446_744_073_709_551_615n)).toBe("ff".repeat(8));
});

test.each([
  { form: "two's complement", control: 0x02, hex: "fb" },
  { form: "one's complement", control: 0x42, hex: "fa" },
  { form: "sign and magnitude", control: 0x82, hex: "85" },
])("−5 in $form is $hex", ({ control, hex }) => {
  const codec = signedInteger(1, dataFormats(0x02, control, 0));
  expect(codec.read(fromHex(hex), 0)).toBe(-5);
  expect(codec.number(fromHex(hex), 0)).toBe(-5);
  expect(write(codec, -5)).toBe(hex);
});

test("a sub-field is cut from the integer after the data order is undone, and leaves its neighbours alone", () => {
  // 0x7BC2: hour 15 in bits 11-15.
  expect(bitRange(2, 11, 15, false, leastFirst).read(fromHex("c27b"), 0)).toBe(15);
  expect(bitRange(2, 11, 15, false, mostFirst).read(fromHex("7bc2"), 0)).toBe(15);
  const octets = fromHex("7bc2");
  bitRange(2, 11, 15, false, mostFirst).write(octets, 0, 0);
  expect(toHex(octets)).toBe("03c2");
  const wide = fromHex("00000080");
  expect(bitRange(4, 31, 31, true, leastFirst).read(wide, 0)).toBe(true);
  expect(bitRange(4, 0, 31, false, leastFirst).read(fromHex("ffffffff"), 0)).toBe(4_294_967_295);
});

/** ISO 646 digits, blank-padded. */
const spelled = (spelling: string, width: number): string => toHex(new TextEncoder().encode(spelling.padEnd(width)));

test.each([
  ["+1.50", 1.5], ["1.50", 1.5], ["007", 7], ["   1.5", 1.5], ["-0.0", -0], ["1E5", 100_000], [".5", 0.5], ["5.", 5], ["12345678901.123456789", 12_345_678_901.123_457], ["9007199254740993", 9_007_199_254_740_992],
  ["1e999", Number.POSITIVE_INFINITY], ["1.5\0\0", 1.5], ["\0\x001.5", 1.5], ["0.1000000000000000055", 0.1],
])("a number spelled %j reads as its characters, has a number in the flat vector, and goes back as it was", (spelling, number) => {
  const codec = numberItem(13, leastFirst);
  const hex = spelled(spelling, 21);
  expect(codec.read(fromHex(hex), 0)).toBe(spelling);
  expect(codec.number(fromHex(hex), 0)).toBe(number);
  expect(write(codec, spelling)).toBe(hex);
});

test.each([["-0", -0], ["1.5", 1.5], ["-12.5", -12.5], ["1e21", 1e21]])("a number spelled %s as we spell it reads as a number", (spelling, number) => {
  expect(numberItem(13, leastFirst).read(fromHex(spelled(spelling, 21)), 0)).toBe(number);
  expect(write(numberItem(13, leastFirst), number)).toBe(spelled(spelling, 21));
});

test.each(["1,5", "0x10", "", " ", "1 5", "Infinity", "NaN", "--1", "1".repeat(22)])("characters that spell no number, or do not fit, are refused: %j", (spelling) => {
  expect(() => write(numberItem(13, leastFirst), spelling)).toThrow(Unwritable);
});

test.each([
  // One's complement has all bits set in its second zero, sign and magnitude the sign alone.
  { form: "one's complement", control: 0x42, second: (width: number) => "ff".repeat(width) },
  { form: "sign and magnitude", control: 0x82, second: (width: number, order: 0 | 1) => (order === 0 ? `${"00".repeat(width - 1)}80` : `80${"00".repeat(width - 1)}`) },
])("the second zero of $form is −0 at every width and goes back", ({ control, second }) => {
  for (const order of [0, 1] as const) {
    const formats = dataFormats(0x02 | order, control, 0);
    for (const width of [1, 2, 3, 4, 5, 6, 7, 8]) {
      for (const codec of [signedInteger(width, formats), signedInteger(width, formats, true)]) {
        const octets = fromHex(second(width, order));
        expect(codec.read(octets, 0)).toBe(-0);
        expect(codec.number(octets, 0)).toBe(-0);
        expect(write(codec, -0)).toBe(second(width, order));
        expect(write(codec, 0)).toBe("00".repeat(width));
      }
    }
  }
  expect(write(signedInteger(2, leastFirst), -0)).toBe("0000");
});
