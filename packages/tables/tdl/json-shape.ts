import { TablesError } from "../tables-error.ts";

/** Names of tables, fields and types: the standard's spelling. Capitals also keep names apart from what objects inherit. */
const nameForm = /^[A-Z][A-Z0-9_]{0,63}$/;
const longestText = 400;

/** An object of untrusted JSON whose keys are known. */
export type Json = { readonly [key: string]: unknown };

export function readObject(value: unknown, at: string, known: readonly string[]): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(at, "an object", value);
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) throw wrong(`${at}.${key.slice(0, 40)}`, `one of ${known.join(", ")}`, key);
  }
  return value as Json;
}

export function readText(value: unknown, at: string): string {
  if (typeof value !== "string" || value.length === 0 || value.length > longestText) throw wrong(at, `text of 1 to ${longestText} characters`, value);
  return value;
}

export function readName(value: unknown, at: string): string {
  if (typeof value !== "string" || !nameForm.test(value)) throw wrong(at, "a name of capitals, digits and _", value);
  return value;
}

export function readInteger(value: unknown, at: string, least: number, most: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) throw wrong(at, `a whole number from ${least} to ${most}`, value);
  return value;
}

export function readChoice<Choice extends string>(value: unknown, at: string, known: readonly Choice[]): Choice {
  const found = known.find((candidate) => candidate === value);
  if (found === undefined) throw wrong(at, known.join(" or "), value);
  return found;
}

/** The entries of an object that are there, each read by its reader; absent ones stay absent. */
export function optional<Key extends string, Value>(o: Json, key: Key, at: string, read: (value: unknown, at: string) => Value): { [K in Key]?: Value } {
  return o[key] === undefined ? {} : ({ [key]: read(o[key], `${at}.${key}`) } as { [K in Key]: Value });
}

export function wrong(field: string, expected: string, actual: unknown): TablesError {
  const found = actual === undefined ? "nothing" : typeof actual === "object" ? (actual === null ? "null" : Array.isArray(actual) ? "a list" : "an object") : String(actual).slice(0, 60);
  return new TablesError("input", "bad-definition", `Table definitions: ${field}: expected ${expected}, found ${found}.`, { field, expected, actual: found });
}
