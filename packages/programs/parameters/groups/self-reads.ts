import { z } from "zod";

/** When the meter reads itself, and when it resets demand of itself. */
export const selfReadsSchema = z.strictObject({
  daily: z.boolean(),
  weekly: z.boolean(),
  atDemandReset: z.boolean(),
  atSeasonChange: z.boolean(),
  /** A new season resets demand. */
  seasonChangeResetsDemand: z.boolean(),
  /** Days of every year on which demand is reset, at midnight. */
  demandResets: z.array(z.strictObject({ month: z.int().min(1).max(12), day: z.int().min(1).max(31) })).max(24).optional(),
});
