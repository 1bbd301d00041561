import { MeterContext, type Definitions, type FieldValue } from "@metersmith/tables";

/**
 * Milliseconds to compile the layout of every table of the definitions, with the form that the hot loops read, for a meter that has them all. The definitions must
 * be fresh: they keep the layouts that they have given.
 */
export function millisForAllLayouts(definitions: Definitions): number {
  const tables = [...definitions.tables.keys()].filter((table) => table < 2048);
  const start = performance.now();
  const context = MeterContext.fromValues(definitions, new Map<number, FieldValue>([
    [0, {
      FORMAT_CONTROL_1: { CHAR_FORMAT: 1 }, FORMAT_CONTROL_2: { TM_FORMAT: 2 }, FORMAT_CONTROL_3: { NI_FORMAT1: 8, NI_FORMAT2: 8 }, NAMEPLATE_TYPE: 2,
      STD_VERSION_NO: 2, DIM_STD_TBLS_USED: 20, NBR_PENDING: 4, STD_TBLS_USED: tables,
    }],
    [11, { NBR_UOM_ENTRIES: 8, NBR_DEMAND_CTRL_ENTRIES: 2, NBR_CONSTANTS_ENTRIES: 4, CONSTANTS_SELECTOR: 2, NBR_SOURCES: 8 }],
    [21, { NBR_SELF_READS: 4, NBR_SUMMATIONS: 4, NBR_DEMANDS: 2, NBR_COIN_VALUES: 1, NBR_OCCUR: 1, NBR_TIERS: 4, NBR_PRESENT_DEMANDS: 2, NBR_PRESENT_VALUES: 4 }],
    [31, { NBR_PRI_DISP_LIST_ITEMS: 40, NBR_PRI_DISP_LISTS: 2 }],
    [41, { NBR_PASSWORDS: 3, PASSWORD_LEN: 20, NBR_KEYS: 1, KEY_LEN: 16, NBR_PERM_USED: 40 }],
    [51, { CALENDAR_FUNC: { NBR_SEASONS: 4, NBR_SPECIAL_SCHED: 2 }, NBR_NON_RECURR_DATES: 80, NBR_RECURR_DATES: 12, NBR_TIER_SWITCHES: 60 }],
    [61, Object.fromEntries([1, 2, 3, 4].flatMap((set) => [[`NBR_BLKS_SET${set}`, 26], [`NBR_BLK_INTS_SET${set}`, 96], [`NBR_CHNS_SET${set}`, 4]]))],
    [62, { INT_FMT_CDE1: 2, INT_FMT_CDE2: 4, INT_FMT_CDE3: 16, INT_FMT_CDE4: 64 }],
    [71, { NBR_STD_EVENTS: 8, HIST_DATA_LENGTH: 4, EVENT_DATA_LENGTH: 4, NBR_HISTORY_ENTRIES: 200, NBR_EVENT_ENTRIES: 200 }],
  ])).context;
  let runs = 0;
  for (const table of tables) runs += context.layout(table).runs.count;
  if (runs === 0) throw new Error("no table has a layout");
  return performance.now() - start;
}
