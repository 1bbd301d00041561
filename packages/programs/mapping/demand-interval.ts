import type { FieldValue } from "@metersmith/tables";
import type { ParameterGroups } from "../parameters/schema.ts";
import { numberAt, type Dimensions, type Primitive, type ReadPart } from "./primitive.ts";
import type { RuleOf } from "./rules.ts";

/** Of the demand's parameters, what table 13 has fields for where table 11 says so. */
const optional = [
  { path: "resetExclusionMinutes", flag: "RESET_EXCLUDE", field: "RESET_EXCLUSION", of: ({ resetExclusionMinutes }: Demand) => resetExclusionMinutes },
  { path: "outage.recognitionSeconds", flag: "PF_EXCLUDE", field: "P_FAIL_RECOGNTN_TM", of: ({ outage }: Demand) => outage?.recognitionSeconds },
  { path: "outage.exclusionMinutes", flag: "PF_EXCLUDE", field: "P_FAIL_EXCLUSION", of: ({ outage }: Demand) => outage?.exclusionMinutes },
  { path: "outage.coldLoadPickupMinutes", flag: "PF_EXCLUDE", field: "COLD_LOAD_PICKUP", of: ({ outage }: Demand) => outage?.coldLoadPickupMinutes },
] as const;
type Demand = ParameterGroups["demand"];

/** Table 13: block demand by INT_LENGTH, sliding demand by SUB_INT and INT_MULTIPLIER, the same in every entry; exclusions where the type has them. */
export const demandInterval: Primitive<RuleOf<"demand-interval">> = {
  tables: () => [13],
  carries: (_, dimension) => [
    "demand.intervalMinutes",
    ...(has(dimension, "SLIDING_DEMAND") ? ["demand.subintervals"] : []),
    ...optional.filter(({ flag }) => has(dimension, flag)).map(({ path }) => `demand.${path}`),
  ],
  write(_, { parameters: { demand }, dimension, reason, refuse }, draft) {
    if (!demand) return;
    const set = (field: string, value: FieldValue, path: string): void => draft.set(13, field, value, reason(path));
    for (const { path, flag, field, of } of optional) {
      const value = of(demand);
      if (value !== undefined && has(dimension, flag)) set(field, value, `demand.${path}`);
    }
    const { intervalMinutes, subintervals = 1 } = demand;
    const sliding = has(dimension, "SLIDING_DEMAND");
    const part = intervalMinutes / subintervals;
    if (sliding && (part > 255 || !Number.isInteger(part))) refuse("demand.intervalMinutes", `${intervalMinutes} minutes in ${subintervals} subintervals; a subinterval is a whole number of minutes up to 255 (SUB_INT, table 13)`);
    for (let entry = 0; entry < dimension(11, "NBR_DEMAND_CTRL_ENTRIES"); entry++) {
      if (!sliding) set(`INTERVAL_VALUE[${entry}].INT_LENGTH`, intervalMinutes, "demand.intervalMinutes");
      else {
        set(`INTERVAL_VALUE[${entry}].SUB_INT`, Math.min(Math.round(part), 255), "demand.intervalMinutes");
        set(`INTERVAL_VALUE[${entry}].INT_MULTIPLIER`, subintervals, "demand.subintervals");
      }
    }
  },
  read(_, { tables, dimension }): ReadPart {
    const table = tables.get(13);
    if (!table || dimension(11, "NBR_DEMAND_CTRL_ENTRIES") === 0) return {};
    const at = (field: string): number => numberAt(table, field);
    const [exclusion, recognition, outage, pickup] = optional.map(({ flag, field }) => (has(dimension, flag) ? at(field) : undefined));
    const parts = has(dimension, "SLIDING_DEMAND") ? at("INTERVAL_VALUE[0].INT_MULTIPLIER") : undefined;
    return {
      demand: {
        intervalMinutes: parts === undefined ? at("INTERVAL_VALUE[0].INT_LENGTH") : at("INTERVAL_VALUE[0].SUB_INT") * parts,
        ...(parts === undefined ? {} : { subintervals: parts }),
        ...(exclusion === undefined ? {} : { resetExclusionMinutes: exclusion }),
        ...(recognition === undefined ? {} : { outage: { recognitionSeconds: recognition, exclusionMinutes: outage, coldLoadPickupMinutes: pickup } }),
      },
    };
  },
};

function has(dimension: Dimensions, flag: string): boolean {
  return dimension(11, `SOURCE_FLAGS.${flag}`) === 1;
}
