import { z } from "zod";
import { measure } from "./measure.ts";

/** The service that the meter stands in, which it watches. */
export const serviceSchema = z.strictObject({
  nominalVolts: measure({ unit: "V", least: 24, most: 600 }),
  /** Deviation that still belongs to the service. */
  tolerancePercent: measure({ unit: "%", least: 1, most: 50 }),
  phases: z.array(z.enum(["A", "B", "C"])).min(1).max(3),
  /** Whether the phases have to be in the order A-B-C. */
  rotation: z.boolean(),
});

/** Beyond `threshold` for so long, the condition is there and the meter acts; on the good side of `release` it is over. */
export const conditionSchema = z.strictObject({
  kind: z.enum(["high-voltage", "low-voltage", "high-temperature"]),
  /** Volts, or degrees Celsius. */
  threshold: measure({ unit: "V or °C", least: 0.001, most: 10_000, step: 0.001 }),
  release: measure({ unit: "V or °C", least: 0.001, most: 10_000, step: 0.001 }),
  seconds: measure({ unit: "s", least: 0, most: 4_000_000, step: 0.001 }),
  action: z.enum(["report", "reduce", "open"]),
});

/** Monitoring of voltage and temperature. */
export const supervisionSchema = z.strictObject({ conditions: z.array(conditionSchema).max(8) });
