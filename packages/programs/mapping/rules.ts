import { z } from "zod";
import { quantityNames } from "../parameters/quantity.ts";
import { multiplierNames } from "./unit-codes.ts";

const table = z.int().min(0).max(4095);
const field = z.string().min(1).max(200);

/**
 * The primitives that a mapping is made of. Each works both ways: parameters → fields, and fields → what they say of the
 * parameters. One way only, because tables do not hold it: names, rules behind holiday dates, the zone's name.
 */
export const mappingRuleSchema = z.discriminatedUnion("use", [
  /** A text or number of the parameters at its path (`program.code`) ↔ one field. */
  z.strictObject({ use: z.literal("value"), parameter: field, table, field }),
  /** A field that is always the same in a meter programmed by us. */
  z.strictObject({ use: z.literal("constant"), table, field, value: z.union([z.string().max(200), z.number(), z.boolean()]) }),
  /** The program's version, 1–65535, as two octets: `high` × 256 + `low`. */
  z.strictObject({ use: z.literal("version-octets"), table, high: field, low: field }),
  /** The first hexadecimal digits of the build's digest, as text. */
  z.strictObject({ use: z.literal("build-mark"), table, field, digits: z.int().min(8).max(64) }),
  /** Registers ↔ units (table 12), sources (table 16) and their selection (table 22), by the dimensions in tables 11 and 21. */
  z.strictObject({
    use: z.literal("registers"),
    /** What the type can measure. Each gets at most one place. */
    catalog: z.array(z.strictObject({ quantity: z.enum(quantityNames), multiplier: z.enum(multiplierNames) })).min(1).max(40),
  }),
  /** Block demand interval ↔ every entry of table 13. */
  z.strictObject({ use: z.literal("demand-interval") }),
  /** Clock ↔ table 53. */
  z.strictObject({ use: z.literal("clock") }),
  /** Calendar ↔ table 54, by the dimensions in table 51. */
  z.strictObject({ use: z.literal("calendar") }),
]);

export type MappingRule = z.output<typeof mappingRuleSchema>;
export type RuleOf<Use extends MappingRule["use"]> = Extract<MappingRule, { use: Use }>;
