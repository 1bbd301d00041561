import { isPlainText } from "@metersmith/base/plain-text";
import { z } from "zod";

const plainText = (longest: number) => z.string().max(longest).refine(isPlainText, "text without control characters");

/** Something the tariff says, or the import noticed, for a person to read. */
export const note = z.object({ field: plainText(200), message: plainText(2000) });

/** One byte range of a table and the parameter it came from. */
export const buildReportRow = z.object({
  parameter: z.string(),
  table: z.number().int(),
  field: z.string(),
  offset: z.number().int(),
  octets: z.number().int(),
  value: z.string(),
});

/** Octets of a table under a mask (1 = this bit counts), both lowercase hexadecimal. */
export const maskedImage = z.object({
  table: z.number().int(),
  name: z.string(),
  bytes: z.string().regex(/^([0-9a-f]{2})*$/),
  mask: z.string().regex(/^([0-9a-f]{2})*$/),
});

/** A program as it travels between sites: everything needed to build it again and to compare. Our format. */
export const programDocument = z.object({
  format: z.literal("metersmith-program/1"),
  code: z.string().regex(/^[A-Z0-9][A-Z0-9-]{0,7}$/, "1 to 8 capital letters, digits or dashes: it goes into the meter's TARIFF_ID"),
  version: z.number().int().min(1).max(65_535),
  name: plainText(200).min(1),
  deviceType: z.object({ id: z.string(), version: z.string(), digest: z.string() }),
  /** Platform-independent parameters; their schema belongs to `packages/programs`. */
  parameters: z.unknown(),
  tariff: z.object({ file: plainText(200), name: plainText(200), utility: plainText(200), source: z.url({ protocol: /^https?$/ }).optional() }),
  staysInBilling: z.array(note),
  warnings: z.array(note),
  build: z.object({ digest: z.string(), writes: z.array(maskedImage), checks: z.array(maskedImage) }),
  /** Of everything above, so that names and notes count too. */
  digest: z.string(),
});
export type ProgramDocument = z.infer<typeof programDocument>;

/** A tariff, the answers to what it does not say (the program's code among them), and the type of meter to build for. */
export const createProgram = z.object({
  deviceType: z.string(),
  tariffFile: z.string().min(1).max(200),
  /** A rate as OpenEI's rate database gives it (URDB JSON). */
  tariff: z.unknown(),
  answers: z.unknown(),
});
export type CreateProgram = z.infer<typeof createProgram>;

export const programSummary = z.object({
  id: z.uuid(),
  code: z.string(),
  version: z.number().int(),
  name: z.string(),
  deviceType: z.string(),
  tariffName: z.string(),
  tariffFile: z.string(),
  digest: z.string(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
});
export type ProgramSummary = z.infer<typeof programSummary>;

export const programDetail = programSummary.extend({
  document: programDocument,
  report: z.array(buildReportRow),
});
export type ProgramDetail = z.infer<typeof programDetail>;

/** A calendar as people look at it: that of a program, or one decoded from what was read back from a meter. */
export const calendarView = z.object({
  /** Which time the meter's clock shows, by its program: prevailing, standard, or UTC. */
  clock: z.string(),
  zone: z.string(),
  endsOn: z.iso.date().nullable(),
  tiers: z.array(z.object({ tier: z.number().int(), name: z.string() })),
  seasons: z.array(z.object({ season: z.number().int(), name: z.string(), from: z.string() })),
  /** For each kind of day 12 months × 24 hours; `mixed` where the tier changes within the hour. */
  pictures: z.array(
    z.object({
      dayType: z.enum(["weekday", "saturday", "sunday", "weekend"]),
      cells: z.array(z.array(z.object({ tier: z.number().int(), mixed: z.boolean() })).length(24)).length(12),
    }),
  ),
  specialDays: z.array(z.object({ date: z.iso.date(), schedule: z.string() })),
});
export type CalendarView = z.infer<typeof calendarView>;
