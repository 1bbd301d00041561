import { isRaw, rawText, Unwritable, withoutNumber, writeRaw, type Codec } from "./codec.ts";
import { fast } from "./fast-codes.ts";
import { readUnsigned, writeUnsigned } from "./integer.ts";

const blank = 0x20;
const lastCodePoint = 0x10ffff;

/**
 * CHAR under CHAR_FORMAT 4 (UTF-16, units of two octets) and 5 (UTF-32, units of four), blank-padded. Unverified, recalled from the
 * standard or ours: that the length of a field counts octets, that units lie in the meter's data order, that there is no byte order mark, and that octets
 * that make no whole unit are zero.
 */
export function wideText(width: number, unit: 2 | 4, littleEndian: boolean): Codec {
  const units = Math.floor(width / unit);
  const expected = `text of at most ${units} units of UTF-${8 * unit}`;
  return {
    kind: "char", width, shift: 0, bits: 8 * width, fast: fast.slow, ...withoutNumber,
    read: (octets, at) => {
      const codes = Array.from({ length: units }, (_, i) => readUnsigned(octets, at + unit * i, unit, littleEndian));
      while (codes.at(-1) === blank) codes.pop();
      const over = octets.subarray(at + unit * units, at + width).some((octet) => octet !== 0);
      const read = over ? undefined : textOf(codes, unit);
      return read === undefined || isRaw(read) ? rawText(octets, at, width) : read;
    },
    write: (octets, at, value) => {
      if (writeRaw(octets, at, width, value)) return;
      if (typeof value !== "string" || value.length > 2 * units || !value.isWellFormed()) throw new Unwritable(expected);
      const codes = unit === 2 ? Array.from({ length: value.length }, (_, i) => value.charCodeAt(i)) : Array.from(value, (character) => character.codePointAt(0)!);
      if (codes.length > units) throw new Unwritable(expected);
      octets.fill(0, at + unit * units, at + width);
      for (let i = 0; i < units; i++) writeUnsigned(octets, at + unit * i, unit, littleEndian, codes[i] ?? blank);
    },
  };
}

/** Undefined where the units are no well-formed text. */
function textOf(codes: readonly number[], unit: 2 | 4): string | undefined {
  // Two halves of a pair would join to one character, which is written back as one unit.
  if (unit === 4 && codes.some((code) => code > lastCodePoint || (code >= 0xd800 && code <= 0xdfff))) return undefined;
  let read = "";
  for (const code of codes) read += unit === 2 ? String.fromCharCode(code) : String.fromCodePoint(code);
  return read.isWellFormed() ? read : undefined;
}
