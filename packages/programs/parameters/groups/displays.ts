import { z } from "zod";
import { quantityNames } from "../quantity.ts";
import { measure } from "./measure.ts";

/** One item of a display list: a register, in total or of one tier, or something of the meter's own. */
export const displayItemSchema = z.discriminatedUnion("show", [
  z.strictObject({ show: z.literal("register"), quantity: z.enum(quantityNames), tier: z.int().min(0).max(7).optional() }),
  z.strictObject({ show: z.enum(["all-segments", "clock", "date", "current-tier", "demand-resets", "program-code", "switch-state"]) }),
]);

/** What the meter's display shows. */
export const displaysSchema = z.strictObject({
  lists: z.array(z.strictObject({
    name: z.enum(["normal", "alternate", "test"]),
    /** Each item is shown for so long; 0: until somebody asks for the next one. */
    onSeconds: measure({ unit: "seconds", least: 0, most: 15 }),
    /** Dark between two items. */
    offSeconds: measure({ unit: "seconds", least: 0, most: 15 }),
    /** What was asked for stays for so long. */
    holdSeconds: measure({ unit: "seconds", least: 0, most: 15 }),
    items: z.array(displayItemSchema).min(1).max(60),
  })).min(1).max(3),
});
