import { openingReasons, type OpeningReason } from "@metersmith/protection";
import { z } from "zod";
import { fineSeconds, measure } from "./measure.ts";

const rule = z.strictObject({
  /** Who closes again. The utility always may. */
  by: z.enum(["utility", "customer", "meter"]),
  /** Not before so long after opening. */
  afterSeconds: fineSeconds(4_000_000),
  /** Closings by customer or meter until the utility has to look. */
  attempts: measure({ unit: "attempts", least: 0, most: 255 }),
});

/** How the service switch closes again, by the reason for which it opened. */
export const serviceSwitchSchema = z.strictObject({
  reclose: z.strictObject(Object.fromEntries(openingReasons.map((reason) => [reason, rule])) as Record<OpeningReason, typeof rule>),
  /** Closed for so long without an opening: attempts count from zero again. */
  settledSeconds: fineSeconds(4_000_000),
});

/** Above the limit the meter first asks for less, then disconnects. */
export const loadLimitSchema = z.strictObject({
  amperes: measure({ unit: "A", least: 0.001, most: 1_000_000, step: 0.001 }),
  /** Above it for so long: reduce. */
  seconds: fineSeconds(4_000_000),
  /** Still above it for so long: disconnect. */
  graceSeconds: fineSeconds(4_000_000),
  /** Below it for so long: reducing ends. */
  releaseSeconds: fineSeconds(4_000_000),
});
