import { PsemError } from "../psem-error.ts";

/** A whole number within the range of its field, or `bad-argument`. */
export function asInteger(value: number, name: string, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new PsemError("bad-argument", `The ${name} is ${value}; a whole number from ${least} to ${most} was expected.`, { field: name, actual: value });
}

/** A copy, so that the caller may change its buffer while the call waits. */
export function asOctets(bytes: Uint8Array, name: string, least: number, most: number): Uint8Array {
  if (bytes.length >= least && bytes.length <= most) return bytes.slice();
  const range = least === most ? `exactly ${most}` : `${least} to ${most}`;
  throw new PsemError("bad-argument", `The ${name} has ${bytes.length} bytes; ${range} were expected.`, { field: name, actual: bytes.length });
}

/** ISO 646 characters padded with spaces to `length` bytes. The text itself never enters a message: it may be a password. */
export function asPadded(text: string, name: string, length: number): Uint8Array {
  if (text.length > length || !/^[\x20-\x7e]*$/.test(text)) {
    throw new PsemError("bad-argument", `The ${name} must be at most ${length} printable characters of ISO 646 (ASCII); its length is ${text.length}.`, { field: name });
  }
  const bytes = new Uint8Array(length).fill(0x20);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Codes of at most 11 rates in bits per second. */
export function asRates(bauds: readonly number[], codeOf: (bitsPerSecond: number) => number | undefined): readonly number[] {
  if (bauds.length > 11) throw new PsemError("bad-argument", `${bauds.length} baud rates were offered; the service takes at most 11.`, { field: "bauds", actual: bauds.length });
  return bauds.map((rate) => {
    const code = codeOf(rate);
    if (code === undefined) throw new PsemError("bad-argument", `C12.18 has no code for ${rate} bits per second.`, { field: "bauds", actual: rate });
    return code;
  });
}
