import type { FieldValue } from "../field-value.ts";
import type { Meaning } from "../tdl/model.ts";
import type { Form } from "./numbers.ts";
import type { ScalarType } from "../tdl/scalar-types.ts";

/** What a field or sub-field holds where nothing is said of it, as the value its `default` text spells; undefined without one. */
export function unsaid({ default: spelled }: Meaning, type: ScalarType | "BOOL" | "UINT"): FieldValue | undefined {
  if (spelled === undefined) return undefined;
  if (type === "BOOL") return spelled === "true";
  if (type === "SET") return spelled.split(" ").filter((member) => member !== "").map(Number);
  if (/^U?INT/.test(type)) return Number.isSafeInteger(Number(spelled)) ? Number(spelled) : BigInt(spelled);
  return /^(?:FLOAT|NI_)/.test(type) ? Number(spelled) : spelled;
}

/** Whether a number lies within `least` and `most`. Characters and raw octets count as the number that they are read as in their form; where that is none, it is not within any bounds. */
export function isAllowed({ least, most }: Meaning, value: FieldValue, form?: Form): boolean {
  if (least === undefined && most === undefined) return true;
  if (typeof value !== "number" && typeof value !== "bigint") {
    const octets = form?.write(value);
    const number = octets && Number(form?.read(octets));
    return number !== undefined && isAllowed({ ...(least === undefined ? {} : { least }), ...(most === undefined ? {} : { most }) }, number) && !Number.isNaN(number);
  }
  return !(least !== undefined && value < least) && !(most !== undefined && value > most);
}
