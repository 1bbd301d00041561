import { Unwritable, type Codec } from "../codec/codec.ts";
import type { FieldValue } from "../field-value.ts";
import type { Meaning } from "../tdl/model.ts";
import { TablesError } from "../tables-error.ts";

/**
 * The value that a definition's `default` text stands for in one field of one meter. Throws `bad-definition` where the field cannot hold
 * it there: 300 in a UINT8, a date in a meter without dates.
 */
export function defaultValue(codec: Codec, of: Meaning, place: string): FieldValue | undefined {
  if (of.default === undefined) return undefined;
  const value = valueOf(codec, of.default);
  try {
    if (value === undefined) throw new Unwritable(codec.kind);
    codec.write(new Uint8Array(codec.width), 0, value);
  } catch (error) {
    if (!(error instanceof Unwritable)) throw error;
    const reason = `its default "${of.default.slice(0, 60)}" does not fit: expected ${error.expected}`;
    throw new TablesError("input", "bad-definition", `${place}: ${reason}.`, { field: place, expected: error.expected, actual: of.default.slice(0, 60) }, error);
  }
  return value;
}

function valueOf(codec: Codec, text: string): FieldValue | undefined {
  switch (codec.kind) {
    case "uint":
    case "int":
      return /^-?\d{1,20}$/.test(text) ? wholeNumber(text) : undefined;
    case "float":
    case "decimal":
    case "char-number":
      return Number(text);
    case "bool":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "set":
      return text.trim().split(/\s+/).map(Number);
    default:
      return text;
  }
}

function wholeNumber(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}
