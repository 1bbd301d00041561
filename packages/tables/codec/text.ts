import { isRaw, rawText, Unwritable, withoutNumber, writeRaw, type Codec } from "./codec.ts";
import type { DataFormats } from "./data-formats.ts";
import { fast } from "./fast-codes.ts";
import { wideText } from "./wide-text.ts";

const blank = 0x20;

/**
 * CHAR(n): n octets by CHAR_FORMAT, left-justified. Reading leaves out trailing blanks, writing pads with blanks (what public clients send). Other meters pad
 * with NULs (observed): those stay in the value, so that the same octets are written back; `withoutPad` takes them off for people and comparisons.
 */
export function text(width: number, formats: DataFormats): Codec {
  if (formats.characters >= 4) return wideText(width, formats.characters === 4 ? 2 : 4, formats.littleEndian);
  const highest = formats.characters === 1 ? 0x7f : 0xff;
  const utf8 = formats.characters === 3;
  const expected = utf8 ? `text of at most ${width} octets of UTF-8` : `text of at most ${width} characters of ISO ${highest === 0x7f ? "646" : "8859-1"}`;
  return {
    kind: "char", width, shift: 0, bits: 8 * width, fast: fast.none, ...withoutNumber,
    read: (octets, at) => {
      let end = at + width;
      while (end > at && octets[end - 1] === blank) end--;
      const read = utf8 ? readUtf8(octets.subarray(at, end)) : readSingle(octets, at, end, highest);
      return read === undefined || isRaw(read) ? rawText(octets, at, width) : read;
    },
    write: (octets, at, value) => {
      if (writeRaw(octets, at, width, value)) return;
      if (typeof value !== "string" || value.length > width) throw new Unwritable(expected);
      const image = new Uint8Array(width).fill(blank);
      if (utf8) {
        const { read } = new TextEncoder().encodeInto(value, image);
        if (read < value.length || !value.isWellFormed()) throw new Unwritable(expected);
      } else {
        for (let i = 0; i < value.length; i++) {
          const code = value.charCodeAt(i);
          if (code > highest) throw new Unwritable(expected);
          image[i] = code;
        }
      }
      octets.set(image, at);
    },
  };
}

/** Text without the blanks and NULs at its end. */
export function withoutPad(value: string): string {
  return value.replace(/[ \0]+$/, "");
}

function readSingle(octets: Uint8Array, from: number, end: number, highest: number): string | undefined {
  let read = "";
  for (let i = from; i < end; i++) {
    const code = octets[i]!;
    if (code > highest) return undefined;
    read += String.fromCharCode(code);
  }
  return read;
}

function readUtf8(octets: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return undefined;
  }
}
