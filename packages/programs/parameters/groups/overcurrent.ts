import { relayCurves, type RelayCurveId } from "@metersmith/protection";
import { z } from "zod";
import { fineSeconds, measure } from "./measure.ts";

const amperes = measure({ unit: "A", least: 0.001, most: 1_000_000, step: 0.001 });
const seconds = fineSeconds(4_000_000);
const curveNames = Object.keys(relayCurves) as [RelayCurveId, ...RelayCurveId[]];

/** Protection of the circuit by the service switch. It is set from a study of the circuit, which is named. */
export const overcurrentSchema = z.strictObject({
  /** Title or file of the study. */
  study: z.string().min(1).max(200),
  /** Each breaks by its own curve, up to the switch's rated current. `reset`: how what has built up goes back, or seconds after which it is forgotten. */
  elements: z.array(z.strictObject({
    curve: z.enum(curveNames),
    pickupAmperes: amperes,
    dial: measure({ unit: "", least: 0.001, most: 100_000, step: 0.001 }),
    reset: z.union([z.enum(["at-once", "disk"]), seconds]),
  })).max(8),
  /** Opening in the dead time of the recloser upstream that interrupted the fault. */
  sectionalize: z.strictObject({
    shots: measure({ unit: "faults", least: 1, most: 4 }),
    actuatingAmperes: amperes,
    sensingSeconds: seconds,
    windowSeconds: seconds,
    confirmSeconds: seconds,
    deadTimeSeconds: seconds,
    resetSeconds: seconds,
    inrushFactor: measure({ unit: "", least: 1, most: 100, step: 0.001 }),
    inrushSeconds: seconds,
  }).optional(),
});
