import { MeterContext, type DecodedTable, type FieldValue } from "@metersmith/tables";
import { standardDefinitions } from "@metersmith/tables/standard";

/** The two meters that the tables are measured in: the same dimensions, one in each data order. */
export type DataOrder = "lsb" | "msb";

/**
 * A meter as the type rx-2s has it (UINT8 calendar times, INT32 numbers), with a load profile of 26 blocks in four channels of 16 bits (20 KiB) and
 * an event log. Only the data order differs between the two.
 */
export function benchMeter(order: DataOrder): MeterContext {
  const general = {
    FORMAT_CONTROL_1: { DATA_ORDER: order === "lsb" ? 0 : 1, CHAR_FORMAT: 1 }, FORMAT_CONTROL_2: { TM_FORMAT: 2 }, FORMAT_CONTROL_3: { NI_FORMAT1: 8, NI_FORMAT2: 8 },
    NAMEPLATE_TYPE: 2, STD_VERSION_NO: 2, DIM_STD_TBLS_USED: 10,
    STD_TBLS_USED: [0, 11, 21, 23, 51, 54, 61, 62, 64, 71, 76],
  };
  return MeterContext.fromValues(standardDefinitions, new Map<number, FieldValue>([
    [0, general],
    [21, {
      REG_FUNC1: { SEASON_INFO_FIELD: true, DATE_TIME_FIELD: true, DEMAND_RESET_CTR: true, CUM_DEMAND: true },
      NBR_SUMMATIONS: 2, NBR_DEMANDS: 1, NBR_OCCUR: 1, NBR_TIERS: 4,
    }],
    [51, {
      TIME_FUNC_FLAG2: { CAP_DST_AUTO: true, CAP_TM_ZN_OFFSET: true }, CALENDAR_FUNC: { NBR_SEASONS: 4, NBR_SPECIAL_SCHED: 2 },
      NBR_NON_RECURR_DATES: 60, NBR_RECURR_DATES: 12, NBR_TIER_SWITCHES: 40, CALENDAR_TBL_SIZE: 356,
    }],
    [61, { LP_FLAGS: { BLK_END_READ_FLAG: true }, NBR_BLKS_SET1: 26, NBR_BLK_INTS_SET1: 96, NBR_CHNS_SET1: 4, MAX_INT_TIME_SET1: 15 }],
    [62, { INT_FMT_CDE1: 2 }],
    [71, { LOG_FLAGS: { EVENT_NUMBER_FLAG: true }, EVENT_DATA_LENGTH: 4, NBR_EVENT_ENTRIES: 227 }],
  ])).context;
}

/** A table 23 with energy, demand and its time in every tier. */
export function fullTable23(context: MeterContext): DecodedTable {
  const block = (tier: number): FieldValue => ({
    SUMMATIONS: [12_345_678 + tier, -77 * tier],
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

/** A table 64 of 26 days in quarters of an hour, four channels. */
export function fullTable64(context: MeterContext): DecodedTable {
  const blocks = Array.from({ length: 26 }, (_, day) => ({
    BLK_END_TIME: `2026-06-${String(day + 1).padStart(2, "0")}T00:00`,
    END_READINGS: [0, 1, 2, 3].map((channel) => ({ BLK_END_READ: 1_000_000 * channel + 4_321 * day })),
    LP_INT: Array.from({ length: 96 }, (_, interval) => ({ INT_DATA: [0, 1, 2, 3].map((channel) => (interval * 211 + day * 17 + channel * 4_001) % 65_536) })),
  }));
  return context.decode(64, context.encode(64, { LP_DATA_SET1: blocks }));
}

/** A table 76 of 227 events, 4 KiB. */
export function fullTable76(context: MeterContext): DecodedTable {
  const entries = Array.from({ length: 227 }, (_, i) => ({
    EVENT_TIME: `2026-0${1 + (i % 9)}-1${i % 10}T1${i % 10}:${10 + (i % 50)}:0${i % 10}`,
    EVENT_NUMBER: i + 1, EVENT_SEQ_NBR: i, USER_ID: i % 3, EVENT_CODE: { TBL_PROC_NBR: 1 + (i % 48), STD_VS_MFG: i % 7 === 0, SELECTOR: 0 }, EVENT_ARGUMENT: "0a0b0c0d",
  }));
  return context.decode(76, context.encode(76, {
    EVENT_FLAGS: { ORDER: true }, NBR_VALID_ENTRIES: 227, LAST_ENTRY_ELEMENT: 226, LAST_ENTRY_SEQ_NBR: 226, NBR_UNREAD_ENTRIES: 12, ENTRIES: entries,
  }));
}
