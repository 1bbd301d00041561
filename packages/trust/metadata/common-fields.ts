import { refused } from "../trust-error.ts";
import type { Fields } from "./fields.ts";

/** Seconds since 1970-01-01T00:00:00Z, whole. */
export type EpochSeconds = number;

/** The specification that this was written by: The Update Framework 1.0.31. Readers take every 1.x. */
export const specVersion = "1.0.31";

/** What all metadata says of itself. */
export interface Common {
  /** From 1 on; a higher one replaces a lower one. */
  readonly version: number;
  /** Not to be relied upon at this time or later. */
  readonly expires: EpochSeconds;
}

const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

export function readCommon(fields: Fields, type: string): Common {
  if (fields.text("_type", /^[a-z]+$/) !== type) throw refused("bad-metadata", fields.place, `expected ${type} metadata`);
  fields.text("spec_version", /^1\.\d{1,4}(\.\d{1,4})?$/);
  return { version: fields.whole("version", 1), expires: readTime(fields) };
}

export function commonJson(type: string, { version, expires }: Common) {
  return { _type: type, spec_version: specVersion, version, expires: new Date(expires * 1000).toISOString().replace(".000Z", "Z") };
}

/** "2027-01-01T00:00:00Z", a day that exists. */
function readTime(fields: Fields): EpochSeconds {
  const text = fields.text("expires", timeForm);
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== text.replace("Z", ".000Z")) throw refused("bad-metadata", fields.place, `expires: ${text} is no time`);
  return milliseconds / 1000;
}
