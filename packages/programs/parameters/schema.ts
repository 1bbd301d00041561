import { z } from "zod";
import { quantityNames } from "./quantity.ts";

const name = z.string().min(1).max(80);
const month = z.int().min(1).max(12);
const dayOfMonth = z.int().min(1).max(31);
const date = z.iso.date("expected a date of the calendar like 2026-07-04").startsWith("20", "expected a date from 2000 on");
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time of day like 15:30");

/** `weekday`: 0 Sunday … 6 Saturday. `plusDays`: the Friday after Thanksgiving is the 4th Thursday plus 1. */
export const holidayRuleSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("fixed"), month, day: dayOfMonth }),
  z.strictObject({ kind: z.literal("nth-weekday"), month, weekday: z.int().min(0).max(6), nth: z.int().min(1).max(5), plusDays: z.int().min(0).max(6).default(0) }),
  z.strictObject({ kind: z.literal("last-weekday"), month, weekday: z.int().min(0).max(6) }),
  z.strictObject({ kind: z.literal("dates"), dates: z.array(date).min(1).max(100) }),
]);

/**
 * When a holiday falls on a weekend: `actual` keeps its date; `sunday-to-monday` moves it from Sunday to Monday;
 * `nearest-weekday` does so too and moves it from Saturday to Friday. The date moved from is an ordinary day.
 */
export const observanceSchema = z.enum(["actual", "sunday-to-monday", "nearest-weekday"]);

export const holidaySchema = z.strictObject({
  name,
  rule: holidayRuleSchema,
  observance: observanceSchema,
  /** Number of the special day whose schedule runs. */
  special: z.int().min(0).max(11),
});

export const clockSchema = z.strictObject({
  /** What the meter's clock shows: the zone's prevailing time, its standard time all year, or UTC. */
  mode: z.enum(["prevailing", "standard", "utc"]),
  /** IANA name, e.g. America/Phoenix. */
  zone: z.string().min(1).max(60),
  /** By which clock the tariff's hours are meant. */
  tariffHours: z.enum(["prevailing", "standard"]),
});

const scheduleIndex = z.int().min(0).max(254);

export const calendarParametersSchema = z.strictObject({
  /** Names of the tiers; the index is the tier's number. */
  tiers: z.array(name).min(1).max(8),
  schedules: z.array(z.strictObject({ name, switches: z.array(z.strictObject({ at: timeOfDay, tier: z.int().min(0).max(7) })).min(1).max(96) })).min(1).max(255),
  seasons: z.array(z.strictObject({
    name,
    starts: z.array(z.strictObject({ month, day: dayOfMonth })).min(1).max(12),
    weekday: scheduleIndex,
    saturday: scheduleIndex,
    sunday: scheduleIndex,
    /** One schedule for each special day. */
    special: z.array(scheduleIndex).max(12),
  })).min(1).max(16),
  specialDays: z.array(name).max(12),
  holidays: z.array(holidaySchema).max(60),
  /** The years that dated entries (holidays, daylight saving) cover, both included. */
  years: z.strictObject({ first: z.int().min(2000).max(2089), last: z.int().min(2000).max(2089) }),
});

/** Parameters: what a program asks of any meter, in the tariff's words and units, before a device type is known. */
export const parametersSchema = z.strictObject({
  format: z.literal("metersmith-parameters-1"),
  program: z.strictObject({
    /** Short code kept in the meter (table 6, TARIFF_ID): 1–8 characters. */
    code: z.string().regex(/^[A-Z0-9][A-Z0-9-]{0,7}$/, "expected 1–8 of A–Z, 0–9 and -"),
    name: z.string().min(1).max(200),
    version: z.int().min(1).max(65_535),
  }),
  /** Where it came from. */
  tariff: z.strictObject({ name: z.string().max(200), utility: z.string().max(200), file: z.string().max(200), uri: z.url({ protocol: /^https?$/, error: "expected a web address" }).max(500).optional() }),
  clock: clockSchema,
  calendar: calendarParametersSchema,
  registers: z.strictObject({
    energy: z.array(z.enum(quantityNames)).min(1).max(16),
    demand: z.array(z.enum(quantityNames)).max(16),
  }),
  /** Block demand; without it the device type's default holds. */
  demand: z.strictObject({ intervalMinutes: z.int().min(1).max(1440) }).optional(),
});

export type Parameters = z.output<typeof parametersSchema>;
export type Holiday = z.output<typeof holidaySchema>;
export type ClockParameters = Parameters["clock"];
export type CalendarParameters = Parameters["calendar"];
