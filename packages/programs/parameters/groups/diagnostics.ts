import { z } from "zod";
import { measure } from "./measure.ts";

/** How often the meter tests itself, and the limits that it judges itself by. */
export const diagnosticsSchema = z.strictObject({
  selfTestHours: measure({ unit: "hours", least: 1, most: 744 }),
  metrologyCheckHours: measure({ unit: "hours", least: 1, most: 744 }),
  /** The clock has to be set within so long; 0: not watched. */
  timeSyncDays: measure({ unit: "days", least: 0, most: 400 }),
  /** Setting the clock by more than this is a finding. */
  driftSeconds: measure({ unit: "seconds", least: 1, most: 3600 }),
  lowBatteryVolts: measure({ unit: "V", least: 0, most: 4, step: 0.001 }),
});
