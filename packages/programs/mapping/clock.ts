import { minuteOfDay, timeOfDay } from "../calendar/expand.ts";
import { numberAt, textAt, type Primitive, type ReadPart } from "./primitive.ts";
import type { RuleOf } from "./rules.ts";

/** Table 53: standard offset from UTC, and when and by how much the clock moves; amount 0 where it does not. */
export const clock: Primitive<RuleOf<"clock">> = {
  tables: () => [53],
  carries: () => ["clock"],
  write(_, { clock: { offsetMinutes, daylight } }, draft) {
    draft.set(53, "DST_TIME_EFF", `${timeOfDay(daylight?.minute ?? 0)}:00`, "clock.zone");
    draft.set(53, "DST_TIME_AMT", daylight?.amount ?? 0, "clock.mode");
    draft.set(53, "TIME_ZONE_OFFSET", offsetMinutes, "clock.zone");
  },
  read(_, { tables }): ReadPart {
    const table = tables.get(53);
    if (!table) return {};
    const amount = numberAt(table, "DST_TIME_AMT");
    return {
      clock: {
        offsetMinutes: numberAt(table, "TIME_ZONE_OFFSET"),
        daylight: amount === 0 ? null : { minute: minuteOfDay(textAt(table, "DST_TIME_EFF")), amount },
      },
    };
  },
};
