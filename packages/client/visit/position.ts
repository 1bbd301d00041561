import { ClientError } from "../client-error.ts";

/**
 * How far a head-end has read one meter: plain data, to be kept by the caller. What lies before it was delivered; it says nothing on what the
 * head-end has stored for good (see `acknowledge`).
 */
export interface VisitPosition {
  /** `MANUFACTURER MODEL SERIAL` of table 1. */
  readonly meter: string;
  /** Number of the newest event read. */
  readonly events?: number;
  /** By set, "1" to "4": the newest block read, and how many of its intervals. */
  readonly profile?: { readonly [set: string]: { readonly block: number; readonly intervals: number } };
}

/**
 * What an interrupted reading has gathered: plain data. Given back as `from`, it goes on where it stopped; tables and blocks in it are
 * not read again, except those that a visit wants as they are now.
 */
export interface ReadSoFar {
  readonly meter: string;
  /** Whole tables by number, hexadecimal. */
  readonly tables: { readonly [table: string]: string };
  /** Finished blocks of load profile, by set and number (`1/4711`), hexadecimal. */
  readonly blocks: { readonly [block: string]: string };
}

/** Reads what was kept as a position, from a file say. Throws `bad-position`. */
export function readVisitPosition(value: unknown): VisitPosition {
  const { meter, events, profile } = record(value, "a position");
  const sets: { [set: string]: { block: number; intervals: number } } = {};
  for (const [set, at] of Object.entries(profile === undefined ? {} : record(profile, "profile"))) {
    if (!/^[1-4]$/.test(set)) throw bad(`profile.${set}`, "a set from 1 to 4");
    const { block, intervals } = record(at, `profile.${set}`);
    sets[set] = { block: count(block, `profile.${set}.block`), intervals: count(intervals, `profile.${set}.intervals`) };
  }
  return {
    meter: text(meter, "meter"),
    ...(events === undefined ? {} : { events: count(events, "events") }),
    ...(profile === undefined ? {} : { profile: sets }),
  };
}

/** Reads what was kept of an interrupted reading. Throws `bad-position`. */
export function readReadSoFar(value: unknown): ReadSoFar {
  const { meter, tables, blocks } = record(value, "what was read so far");
  return { meter: text(meter, "meter"), tables: octetsBy(tables, "tables", /^\d{1,4}$/), blocks: octetsBy(blocks, "blocks", /^[1-4]\/\d{1,10}$/) };
}

function octetsBy(value: unknown, field: string, form: RegExp): { [key: string]: string } {
  const found: { [key: string]: string } = {};
  for (const [key, octets] of Object.entries(record(value, field))) {
    if (!form.test(key) || typeof octets !== "string" || !/^(?:[0-9a-f]{2})*$/.test(octets)) throw bad(`${field}.${key.slice(0, 20)}`, "octets in hexadecimal");
    found[key] = octets;
  }
  return found;
}

function record(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad(field, "an object");
  return value as Readonly<Record<string, unknown>>;
}

function text(value: unknown, field: string): string {
  if (typeof value !== "string" || value.length > 100) throw bad(field, "a text");
  return value;
}

function count(value: unknown, field: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > 0xffff_ffff) throw bad(field, "a number from 0 to 4294967295");
  return value;
}

function bad(field: string, expected: string): ClientError {
  return new ClientError("input", "bad-position", `The position given is none: ${field}: expected ${expected}. Read the meter without one to begin anew.`, { field, expected });
}
