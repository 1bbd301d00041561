import { z } from "zod";
import { quantityNames } from "../parameters/quantity.ts";
import { displayItemSchema } from "../parameters/groups/displays.ts";
import { columnSchema } from "./column.ts";
import { multiplierNames } from "./unit-codes.ts";

const table = z.int().min(0).max(4095);
const field = z.string().min(1).max(200);
const common = {
  /**
   * The rule is for parameters of which this is true: a condition on `p`, the parameters. It has to be told again from tables alone, so it reads only what
   * rules before it carry both ways.
   */
  when: z.string().max(2000).optional(),
};
const columns = z.array(columnSchema).min(1).max(40);
/** What marks a row in which there is nothing: its other fields are 0 then. */
const unused = z.strictObject({ field, value: z.union([z.string().max(200), z.number(), z.boolean()]) });

/**
 * The primitives that a mapping is made of. Each works both ways: parameters → fields, and fields → what they say of the
 * parameters. One way only: `constant` and `build-mark`, and what tables do not hold (one-way.ts).
 */
export const mappingRuleSchema = z.discriminatedUnion("use", [
  /** A single value of the parameters at its path (`program.code`) ↔ one field. `absent`: what the field holds where the group is there and the value is not. */
  z.strictObject({ use: z.literal("value"), table, ...columnSchema.shape, absent: z.union([z.string().max(200), z.number(), z.boolean()]).optional(), ...common }),
  /** A record of the parameters (`loadLimit`) ↔ fields of one record of the table; `record` absent: of the table itself. */
  z.strictObject({ use: z.literal("record"), parameter: field, table, record: field.optional(), columns, unused, ...common }),
  /** A list of the parameters ↔ an array of records, as long as the array; with `keys`, a record of the parameters, whose values are the rows in this order. */
  z.strictObject({ use: z.literal("rows"), parameter: field, table, rows: field, columns, unused: unused.optional(), keys: z.array(field).min(1).max(100).optional(), ...common }),
  /** A list of names ↔ members of sets. The order of names means nothing. */
  z.strictObject({ use: z.literal("members"), parameter: field, table, members: z.array(z.strictObject({ name: field, field, member: z.int().min(0).max(4095) })).min(1).max(500), ...common }),
  /** A field that is always the same in a meter programmed by us. */
  z.strictObject({ use: z.literal("constant"), table, field, value: z.union([z.string().max(200), z.number(), z.boolean()]), ...common }),
  /** The program's version, 1–65535, as two octets: `high` × 256 + `low`. */
  z.strictObject({ use: z.literal("version-octets"), table, high: field, low: field, ...common }),
  /** The first hexadecimal digits of the build's digest, as text. */
  z.strictObject({ use: z.literal("build-mark"), table, field, digits: z.int().min(8).max(64), ...common }),
  /** Registers ↔ units (table 12), sources (table 16) and their selection (table 22), by the dimensions in tables 11 and 21. */
  z.strictObject({
    use: z.literal("registers"),
    /** What the type can measure. Each gets at most one place. */
    catalog: z.array(z.strictObject({ quantity: z.enum(quantityNames), multiplier: z.enum(multiplierNames) })).min(1).max(40),
    ...common,
  }),
  /** Demand ↔ table 13: what its flags in table 11 let it have, the interval the same in every entry. */
  z.strictObject({ use: z.literal("demand-interval"), ...common }),
  /** Load profile set 1 ↔ tables 61 and 62, by the sources that `registers` places. `stamp`: which end of an interval the meter stamps. */
  z.strictObject({ use: z.literal("load-profile"), stamp: z.enum(["interval-end", "interval-start"]), ...common }),
  /** Displays ↔ table 33, by the dimensions in table 31. `catalog`: the code of each item; `lists`: which list is which; `empty`: the code of a place without item. */
  z.strictObject({
    use: z.literal("displays"), catalog: z.array(z.strictObject({ item: displayItemSchema, code: z.int().min(0).max(65_535) })).min(1).max(500),
    lists: z.array(z.enum(["normal", "alternate", "test"])).min(1).max(3), empty: z.int().min(0).max(65_535), ...common,
  }),
  /** Clock ↔ table 53. */
  z.strictObject({ use: z.literal("clock"), ...common }),
  /** Calendar ↔ table 54, by the dimensions in table 51. */
  z.strictObject({ use: z.literal("calendar"), ...common }),
]);

export type MappingRule = z.output<typeof mappingRuleSchema>;
export type RuleOf<Use extends MappingRule["use"]> = Extract<MappingRule, { use: Use }>;
