import { z } from "zod";
import { quantityNames } from "../quantity.ts";
import { measure } from "./measure.ts";

/** What is recorded interval by interval. */
export const loadProfileSchema = z.strictObject({
  intervalMinutes: measure({ unit: "minutes", least: 1, most: 1440 }),
  /** What each channel records, in the order of the channels. */
  channels: z.array(z.enum(quantityNames)).min(1).max(16),
  /** Which end of an interval its time stamp is; the stamp is by the meter's own clock (`clock.mode`). */
  stamp: z.enum(["interval-end", "interval-start"]),
});
