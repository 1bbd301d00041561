import { readFileSync } from "node:fs";
import { MeterContext, type DecodedTable, type FieldValue } from "@metersmith/tables";
import { standardDefinitions } from "@metersmith/tables/standard";

const factory = JSON.parse(readFileSync(new URL("../../device-types/rx-2s/factory.json", import.meta.url), "utf8")) as { tables: Record<string, FieldValue> };

/** What the type rx-2s says about its tables. */
export function residentialContext(): MeterContext {
  return MeterContext.fromValues(standardDefinitions, new Map(Object.entries(factory.tables).map(([table, value]) => [Number(table), value]))).context;
}

/** A table 23 with energy, demand and its time in every tier. */
export function fullTable23(context: MeterContext): DecodedTable {
  const block = (tier: number): FieldValue => ({
    SUMMATIONS: [12_345_678 + tier, 77 * tier],
    DEMANDS: [{ EVENT_TIME: [`2026-0${tier + 1}-1${tier}T1${tier}:30`], CUM_DEMAND: 91_000 + tier, DEMAND: [4_500 - tier] }],
  });
  return context.decode(23, context.encode(23, { NBR_DEMAND_RESETS: 11, TOT_DATA_BLOCK: block(0), TIER_DATA_BLOCK: [1, 2, 3, 4].map(block) }));
}

/** A table 54 with most of its dates and switches in use. */
export function fullTable54(context: MeterContext): DecodedTable {
  const dated = Array.from({ length: 60 }, (_, i) => ({
    NON_RECURR_DATE: i < 50 ? `20${26 + Math.floor(i / 5)}-0${1 + (i % 9)}-2${i % 8}` : "",
    CALENDAR_ACTION: { CALENDAR_CTRL: i < 50 ? 19 + (i % 2) : 31 },
  }));
  const recurring = Array.from({ length: 12 }, (_, i) => ({ RECURR_DATE: { MONTH: i + 1, DAY: 1 }, CALENDAR_ACTION: { CALENDAR_CTRL: 3 + (i % 4) } }));
  const switches = Array.from({ length: 40 }, (_, i) => ({
    TIER_SWITCH: { NEW_TIER: i % 4, SWITCH_HOUR: (i * 3) % 24, SWITCH_MIN: i % 2 === 0 ? 0 : 30 }, DAY_SCH_NUM: i % 7,
  }));
  const seasons = Array.from({ length: 4 }, (_, i) => ({ SATURDAY_SCHEDULE: i, SUNDAY_SCHEDULE: i, WEEKDAY_SCHEDULE: i + 4, SPECIAL_SCHEDULE: [8, 9] }));
  return context.decode(54, context.encode(54, {
    NON_RECURR_DATES: dated, RECURR_DATES: recurring, TIER_SWITCHES: switches, DAILY_SCHEDULE_ID_MATRIX: seasons,
  }));
}
