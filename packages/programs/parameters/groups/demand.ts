import { z } from "zod";
import { measure } from "./measure.ts";

/** Demand: the average over an interval, and when none is taken. */
export const demandSchema = z.strictObject({
  /** Of the whole interval. */
  intervalMinutes: measure({ unit: "minutes", least: 1, most: 1440 }),
  /** The interval slides in so many steps: 3 over 15 minutes is a new average every 5. Absent or 1: block demand. */
  subintervals: measure({ unit: "subintervals", least: 1, most: 15 }).optional(),
  /** After a demand reset another one is refused for so long. */
  resetExclusionMinutes: measure({ unit: "minutes", least: 0, most: 255 }).optional(),
  /** An outage of at least `recognitionSeconds` leaves demand out for `exclusionMinutes` afterwards. */
  outage: z.strictObject({
    recognitionSeconds: measure({ unit: "seconds", least: 0, most: 255 }),
    exclusionMinutes: measure({ unit: "minutes", least: 0, most: 255 }),
    coldLoadPickupMinutes: measure({ unit: "minutes", least: 0, most: 255 }),
  }).optional(),
});
