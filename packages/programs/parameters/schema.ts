import { z } from "zod";
import { communicationSchema, identificationSchema, localPortSchema } from "./groups/communication.ts";
import { demandSchema } from "./groups/demand.ts";
import { diagnosticsSchema } from "./groups/diagnostics.ts";
import { displaysSchema } from "./groups/displays.ts";
import { eventsSchema } from "./groups/events.ts";
import { loadProfileSchema } from "./groups/load-profile.ts";
import { overcurrentSchema } from "./groups/overcurrent.ts";
import { selfReadsSchema } from "./groups/self-reads.ts";
import { serviceSchema, supervisionSchema } from "./groups/service.ts";
import { loadLimitSchema, serviceSwitchSchema } from "./groups/service-switch.ts";
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

/**
 * Groups that a program may leave out: a meter then stays as it is in them. What a group holds and a device type does not is an error, unless the group is among
 * `whereHeld`; then it is reported.
 */
export const groupSchemas = {
  demand: demandSchema,
  loadProfile: loadProfileSchema,
  selfReads: selfReadsSchema,
  displays: displaysSchema,
  events: eventsSchema,
  diagnostics: diagnosticsSchema,
  service: serviceSchema,
  supervision: supervisionSchema,
  serviceSwitch: serviceSwitchSchema,
  loadLimit: loadLimitSchema,
  overcurrent: overcurrentSchema,
  communication: communicationSchema,
  localPort: localPortSchema,
  identification: identificationSchema,
} as const;

export type GroupName = keyof typeof groupSchemas;
export const groupNames = Object.keys(groupSchemas) as [GroupName, ...GroupName[]];

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
  demand: demandSchema.optional(),
  loadProfile: loadProfileSchema.optional(),
  selfReads: selfReadsSchema.optional(),
  displays: displaysSchema.optional(),
  events: eventsSchema.optional(),
  diagnostics: diagnosticsSchema.optional(),
  service: serviceSchema.optional(),
  supervision: supervisionSchema.optional(),
  serviceSwitch: serviceSwitchSchema.optional(),
  loadLimit: loadLimitSchema.optional(),
  overcurrent: overcurrentSchema.optional(),
  communication: communicationSchema.optional(),
  localPort: localPortSchema.optional(),
  identification: identificationSchema.optional(),
  /** Groups to be left out, and reported, where a device type does not hold them. */
  whereHeld: z.array(z.enum(groupNames)).max(groupNames.length).optional(),
});

export type Parameters = z.output<typeof parametersSchema>;
/** The groups of parameters, each with all that it can hold. */
export type ParameterGroups = { [Name in GroupName]: z.output<(typeof groupSchemas)[Name]> };
export type Holiday = z.output<typeof holidaySchema>;
export type ClockParameters = Parameters["clock"];
export type CalendarParameters = Parameters["calendar"];
