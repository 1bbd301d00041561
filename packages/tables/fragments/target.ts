import { TablesError } from "../tables-error.ts";

const lists = ["types", "enumerations", "tables", "procedures"] as const;

export type DefinitionList = (typeof lists)[number];

/**
 * A place in definitions: `types`, `types/X_RCD`, `types/X_RCD/FIELD`, `types/X_RCD/FIELD/default`, `enumerations/E/31`, `tables/X_TBL/access`.
 * Where a type has a member of one name in several branches, `FIELD#2` is the second in the order of the document.
 */
export interface Target {
  readonly list: DefinitionList;
  readonly name?: string;
  /** A member of a type, or a value of an enumeration by its digits. */
  readonly inner?: string;
  readonly occurrence?: number;
  readonly attribute?: string;
}

const form = /^(types|enumerations|tables|procedures)(?:\/([A-Z][A-Z0-9_]{0,63})(?:\/([A-Z][A-Z0-9_]{0,63}|\d{1,10})(?:#([1-9]\d{0,2}))?)?(?:\/([a-z][A-Za-z]{0,19}))?)?$/;

/** Throws `bad-fragment` where the text is no target. */
export function parseTarget(text: string): Target {
  const match = form.exec(text);
  const list = lists.find((known) => known === match?.[1]);
  if (!match || !list) throw noTarget(text);
  const [, , name, inner, occurrence, attribute] = match;
  const isValue = inner !== undefined && /^\d/.test(inner);
  if (inner !== undefined && (isValue ? list !== "enumerations" || occurrence !== undefined : list !== "types")) throw noTarget(text);
  return {
    list,
    ...(name === undefined ? {} : { name }),
    ...(inner === undefined ? {} : { inner: isValue ? String(Number(inner)) : inner }),
    ...(occurrence === undefined ? {} : { occurrence: Number(occurrence) }),
    ...(attribute === undefined ? {} : { attribute }),
  };
}

/** The place as marks and origins name it: which branch of a type holds a member makes no difference to whose it is. */
export function placeOf({ list, name, inner, attribute }: Target): string {
  return [list, name, inner, attribute].filter((part) => part !== undefined).join("/");
}

function noTarget(text: string): TablesError {
  const expected = "a place like types/X_RCD/FIELD, enumerations/E/31, tables/X_TBL/access";
  return new TablesError("input", "bad-fragment", `"${text.slice(0, 80)}" names no place in definitions; expected ${expected}.`, { field: text.slice(0, 80), expected });
}
