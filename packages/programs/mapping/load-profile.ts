import type { DecodedTable } from "@metersmith/tables";
import type { Quantity } from "../parameters/quantity.ts";
import { numberAt, type Primitive, type ReadPart } from "./primitive.ts";
import { placeSources, quantityOf, type Catalog } from "./registers.ts";
import type { RuleOf } from "./rules.ts";

/**
 * Load profile set 1: the interval in table 61, the source of each channel in table 62. Sources are those that `registers` places. Whether END_RDG_FLAG, scalars and divisors
 * are as the type needs them is for `constant`s or checks of the mapping.
 */
export const loadProfile: Primitive<RuleOf<"load-profile">> = {
  tables: () => [61, 62],
  carries: () => ["loadProfile"],
  write({ stamp }, input, draft) {
    const { parameters: { loadProfile: profile }, dimension, reason, refuse } = input;
    if (!profile) return;
    if (profile.stamp !== stamp) refuse("loadProfile.stamp", `${profile.stamp}; this type stamps the ${stamp.replace("-", "'s ")}`);
    draft.set(61, "MAX_INT_TIME_SET1", profile.intervalMinutes, reason("loadProfile.intervalMinutes"));
    const channels = dimension(61, "NBR_CHNS_SET1");
    if (profile.channels.length !== channels) refuse("loadProfile.channels", `${profile.channels.length} channels; this type records ${channels} (NBR_CHNS_SET1, table 61)`);
    const sources = placeSources({ catalog: input.catalog }, input);
    profile.channels.slice(0, channels).forEach((quantity, channel) => {
      const source = sources.indexOf(quantity);
      if (source < 0) refuse(`loadProfile.channels[${channel}]`, `${quantity} has no source in this program; sources are ${sources.join(", ")}`);
      draft.set(62, `LP_SEL_SET1[${channel}].LP_SOURCE_SELECT`, Math.max(source, 0), reason(`loadProfile.channels[${channel}]`));
      draft.set(62, `LP_SEL_SET1[${channel}].END_BLK_RDG_SOURCE_SELECT`, Math.max(source, 0), reason(`loadProfile.channels[${channel}]`));
    });
  },
  read({ stamp }, { tables, dimension, catalog }): ReadPart {
    const [sizes, control, units, links] = [61, 62, 12, 16].map((table) => tables.get(table));
    if (!control || !units || !links) return {};
    const channel = (index: number): Quantity | null => channelOf(catalog, units, links, numberAt(control, `LP_SEL_SET1[${index}].LP_SOURCE_SELECT`), dimension(11, "NBR_SOURCES"));
    return {
      loadProfile: {
        intervalMinutes: sizes ? numberAt(sizes, "MAX_INT_TIME_SET1") : dimension(61, "MAX_INT_TIME_SET1"),
        channels: Array.from({ length: dimension(61, "NBR_CHNS_SET1") }, (_, index) => channel(index)),
        stamp,
      },
    };
  },
};

function channelOf(catalog: Catalog, units: DecodedTable, links: DecodedTable, source: number, sources: number): Quantity | null {
  return source < sources ? quantityOf({ catalog }, units, links, source) : null;
}
