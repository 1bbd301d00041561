import { numberAt, type Primitive, type ReadParameters } from "./primitive.ts";
import type { RuleOf } from "./rules.ts";

/** Table 13, block demand: INT_LENGTH in minutes, the same in every entry. */
export const demandInterval: Primitive<RuleOf<"demand-interval">> = {
  tables: () => [13],
  write(_, { parameters, defaults, dimension }, draft) {
    const minutes = parameters.demand?.intervalMinutes ?? defaults.demandIntervalMinutes;
    const from = parameters.demand === undefined ? "(default of the device type)" : "demand.intervalMinutes";
    for (let entry = 0; entry < dimension(11, "NBR_DEMAND_CTRL_ENTRIES"); entry++) draft.set(13, intervalPath(entry), minutes, from);
  },
  read(_, { tables, dimension }): ReadParameters {
    const table = tables.get(13);
    if (!table || dimension(11, "NBR_DEMAND_CTRL_ENTRIES") === 0) return {};
    return { demand: { intervalMinutes: numberAt(table, intervalPath(0)) } };
  },
};

const intervalPath = (entry: number): string => `INTERVAL_VALUE[${entry}].INT_LENGTH`;
