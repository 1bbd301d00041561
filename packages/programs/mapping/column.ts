import { z } from "zod";

const path = z.string().min(1).max(200);
const single = z.union([z.string().max(200), z.number(), z.boolean()]);

/** How one value of the parameters becomes one field, in both directions. */
export const columnSchema = z.strictObject({
  /** Path in the parameters; of a row, within it. */
  parameter: path,
  /** Field of the table; of a row, within it. */
  field: path,
  /** The field is so many times the value: 1000 where a table has thousandths. Whole numbers only come out of it. */
  scale: z.number().positive().max(1e9).optional(),
  /** What each value is in the field: `[["utility", 0], ["customer", 1]]`. No value and no code twice. */
  choices: z.array(z.tuple([single, single])).min(1).max(100).optional(),
  /** A number that is none of the choices: this code, and the number itself in another field. */
  otherwise: z.strictObject({ code: z.number(), field: path, scale: z.number().positive().max(1e9).optional() }).optional(),
}).refine(({ choices = [] }) => [0, 1].every((side) => new Set(choices.map((pair) => pair[side])).size === choices.length), "has one choice twice: it would not lead back");

export type Column = z.output<typeof columnSchema>;
export type Single = string | number | boolean;

/** What a field or parameter cannot be; the caller knows where. */
export class Unmapped extends Error {}

/** The fields that a value becomes. Throws `Unmapped` with what the table can hold. */
export function toFields(column: Column, value: Single): readonly { readonly field: string; readonly value: Single }[] {
  const { choices, otherwise, field, scale } = column;
  const choice = choices?.find(([meant]) => meant === value);
  if (choice) return [{ field, value: choice[1] }, ...(otherwise ? [{ field: otherwise.field, value: 0 }] : [])];
  if (otherwise && typeof value === "number") return [{ field, value: otherwise.code }, { field: otherwise.field, value: scaled(value, otherwise.scale) }];
  if (choices) throw new Unmapped(`this type has no ${String(value)}; it has ${choices.map(([meant]) => String(meant)).join(", ")}`);
  return [{ field, value: typeof value === "number" ? scaled(value, scale) : value }];
}

/** The value that fields say; `at` gives a field of the table. Throws `Unmapped`. */
export function fromFields({ choices, otherwise, field, scale }: Column, at: (field: string) => unknown): Single {
  const found = single.safeParse(at(field));
  if (!found.success) throw new Unmapped(`${field} is no single value`);
  if (otherwise && found.data === otherwise.code) return unscaled(numberIn(at(otherwise.field), otherwise.field), otherwise.scale);
  if (choices) {
    const choice = choices.find(([, code]) => Number(code) === Number(found.data) || code === found.data);
    if (!choice) throw new Unmapped(`${field} is ${String(found.data)}, which has no meaning here`);
    return choice[0];
  }
  return scale === undefined ? found.data : unscaled(numberIn(found.data, field), scale);
}

export function fieldsOf({ field, otherwise }: Column): readonly string[] {
  return otherwise ? [field, otherwise.field] : [field];
}

function scaled(value: number, scale: number | undefined): number {
  if (scale === undefined) return value;
  const whole = Math.round(value * scale);
  if (Math.abs(whole / scale - value) > 1e-9 * Math.max(1, Math.abs(value))) throw new Unmapped(`${value} is not exact in the table, which has steps of ${1 / scale}`);
  return whole;
}

function unscaled(value: number, scale = 1): number {
  return value / scale;
}

function numberIn(value: unknown, field: string): number {
  if (typeof value === "number") return value;
  throw new Unmapped(`${field} is no number`);
}
