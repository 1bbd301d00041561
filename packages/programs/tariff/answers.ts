import { z } from "zod";
import { clockSchema, holidayRuleSchema, observanceSchema, parametersSchema } from "../parameters/schema.ts";
import { quantityNames } from "../parameters/quantity.ts";

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time of day like 15:30");
const onTheHour = z.string().regex(/^([01]\d|2[0-3]):00$/, "expected a full hour like 15:00");

/** Answers to what a tariff record leaves open. Nothing here has a default that changes a bill: what is not said is asked. */
export const answersSchema = z.strictObject({
  /** Free text for the reader of the file. */
  about: z.string().max(2000).optional(),
  program: z.strictObject({ code: parametersSchema.shape.program.shape.code }),
  clock: clockSchema,
  years: parametersSchema.shape.calendar.shape.years,
  holidays: z.strictObject({
    /** Whose hours a holiday has. */
    runAs: z.enum(["saturday", "sunday"]),
    observance: observanceSchema,
    /** Empty where the tariff knows no holidays. */
    days: z.array(z.strictObject({ name: z.string().min(1).max(80), rule: holidayRuleSchema, observance: observanceSchema.optional() })).max(60),
  }),
  /** Changes of tier that are not at the full hour which the record gives; empty where all are. Not asked where the tier never changes. */
  subHourEdges: z.array(z.strictObject({ at: onTheHour, is: timeOfDay, season: z.string().max(80).optional() })).max(50).optional(),
  /** Where seasons do not begin on the first of their month; empty where all do. */
  seasonStarts: z.array(z.strictObject({ month: z.int().min(1).max(12), day: z.int().min(1).max(31) })).max(12).optional(),
  demandIntervalMinutes: z.int().min(1).max(1440).optional(),
  /** Registers beyond those that the tariff bills. */
  alsoMeasure: z.array(z.enum(quantityNames)).max(10).optional(),
});

export type Answers = z.output<typeof answersSchema>;
