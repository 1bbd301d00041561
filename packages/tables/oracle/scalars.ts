import type { FieldValue } from "../field-value.ts";
import { numericWidths, type ScalarType } from "../tdl/scalar-types.ts";
import type { Forms } from "./forms.ts";
import { integerOf, isSecondZero, octetsOf, secondZero, signedOf, unsignedOf } from "./integers.ts";
import { characterNumber, decimalNumber, floatNumber, type Form } from "./numbers.ts";
import { plainOctets, set, text } from "./texts.ts";
import { readTime, timeWidth, writeTime } from "./times.ts";
import { wideText } from "./wide-texts.ts";

/** Every scalar of the definitions as a pair of plain functions. `length` is for those that need one. */
export function formOf(type: ScalarType, length: number, forms: Forms): Form {
  switch (type) {
    case "CHAR": return orRaw(forms.characters < 4 ? text(length, forms.characters) : wideText(length, forms.characters === 4 ? 2 : 4, forms.order));
    case "BINARY":
    case "BCD": return plainOctets(length);
    case "SET": return set(length);
    case "LTIME_DATE":
    case "STIME_DATE":
    case "TIME":
    case "DATE":
      return orRaw({
        width: timeWidth(type, forms),
        read: (octets) => readTime(type, octets, forms),
        write: (value) => (typeof value === "string" ? writeTime(type, value, forms) : undefined),
      });
    case "NI_FMAT1": return numberItem(forms.ni1, forms);
    case "NI_FMAT2": return numberItem(forms.ni2, forms);
    case "FLOAT32": return orRaw(floatNumber(4, forms.order));
    case "FLOAT64": return orRaw(floatNumber(8, forms.order));
    default: return integer(numericWidths[type], !type.startsWith("U"), forms, false);
  }
}

/** NI_FORMAT codes 0 to 13. */
function numberItem(code: number, forms: Forms): Form {
  const rows: readonly (() => Form)[] = [
    () => orRaw(floatNumber(8, forms.order)), () => orRaw(floatNumber(4, forms.order)),
    () => orRaw(characterNumber(12)), () => orRaw(characterNumber(6)),
    () => tenThousandths(forms),
    () => orRaw(decimalNumber(6)), () => orRaw(decimalNumber(4)),
    ...[3, 4, 5, 6, 8].map((width) => () => integer(width, true, forms, true)),
    () => orRaw(decimalNumber(8)), () => orRaw(characterNumber(21)),
  ];
  return rows[code]!();
}

function integer(width: number, signed: boolean, forms: Forms, numberWhereExact: boolean): Form {
  return {
    width,
    read: (octets) => {
      const unsigned = integerOf(octets, forms.order);
      if (signed && isSecondZero(unsigned, 8 * width, forms.signs)) return -0;
      const whole = signed ? signedOf(unsigned, 8 * width, forms.signs) : unsigned;
      const asNumber = numberWhereExact ? Number.isSafeInteger(Number(whole)) : width <= 4;
      return asNumber ? Number(whole) : whole;
    },
    write: (value) => {
      const whole = typeof value === "number" && Number.isInteger(value) ? BigInt(value) : value;
      if (typeof whole !== "bigint") return undefined;
      if (signed && Object.is(value, -0)) return octetsOf(secondZero(8 * width, forms.signs), width, forms.order);
      const unsigned = signed ? unsignedOf(whole, 8 * width, forms.signs) : whole;
      return unsigned === undefined ? undefined : octetsOf(unsigned, width, forms.order);
    },
  };
}

/** NI_FORMAT 4: an INT32 that counts ten-thousandths. */
function tenThousandths(forms: Forms): Form {
  const whole = integer(4, true, forms, false);
  return {
    width: 4,
    read: (octets) => Number(whole.read(octets)) / 10_000,
    write: (value) => (typeof value === "number" ? whole.write(Math.round(value * 10_000)) : undefined),
  };
}

/** Octets that mean nothing in their type are shown as `raw:` and their digits, and taken back from that. */
function orRaw(form: Form): Form {
  return {
    width: form.width,
    read: (octets) => form.read(octets) ?? `raw:${octets.map((octet) => octet.toString(16).padStart(2, "0")).join("")}`,
    write: (value) => {
      if (typeof value !== "string" || !value.startsWith("raw:")) return form.write(value);
      const octets = (value.slice(4).match(/[0-9a-f]{2}/g) ?? []).map((digits) => Number.parseInt(digits, 16));
      return value.length === 4 + 2 * form.width && octets.length === form.width ? octets : undefined;
    },
  };
}

/** A sub-field of a bit field, whose octets are one unsigned integer. */
export function readBits(whole: bigint, first: number, last: number, type: "BOOL" | "UINT"): FieldValue {
  const value = Number((whole / 2n ** BigInt(first)) % 2n ** BigInt(last - first + 1));
  return type === "BOOL" ? value === 1 : value;
}

/** What a sub-field adds to the integer; undefined where the value does not fit. */
export function writeBits(value: FieldValue, first: number, last: number): bigint | undefined {
  const number = typeof value === "boolean" && first === last ? Number(value) : value;
  if (typeof number !== "number" || !Number.isInteger(number) || number < 0 || number >= 2 ** (last - first + 1)) return undefined;
  return BigInt(number) * 2n ** BigInt(first);
}

/** The bits from first to last, where they stand. */
export function bitsOf(whole: bigint, first: number, last: number): bigint {
  return ((whole / 2n ** BigInt(first)) % 2n ** BigInt(last - first + 1)) * 2n ** BigInt(first);
}
