import { flags, type Vector } from "./notation.ts";

/**
 * The tables that say what a meter has, for a meter that has every table of the definitions and nearly every optional field, one or two elements of each. Table 0
 * stands apart: its first octets differ between the meters.
 */
const sets = [
  // Standard tables 0-8, 10-16, 20-28, 30, 31, 33, 40-45, 50-56, 60-67, 70-76.
  "ff fd f1 df 02 3f fc f1 cf 1f",
  // Manufacturer table 3; procedures 3 and 10 of the standard, none of the manufacturer; tables 6 and 54 are writable.
  "08", "08 04 00", "00", "40 00*5 40 00*3", "00",
].join(" ");

/** `controls`: the three format octets. Electric; at most 24 and 16 octets of procedure data; edition 2; sizes of the sets. */
export function generalOctets(controls: string): string {
  return `${controls} "MSMT"4 02 00 18 10 02 00 0a 01 03 01 01 01 ${sets}`;
}

/** DATA_ORDER 0 or 1 with CHAR_FORMAT 1, TM_FORMAT 2 with offset access, NI_FORMAT 8 twice. */
export const controlsByOrder = { "least first": "02 0a 88", "most first": "03 0a 88" } as const;

const sourceFlags = "PF_EXCLUDE RESET_EXCLUDE BLOCK_DEMAND SLIDING_DEMAND THERMAL_DEMAND SET1_PRESENT SET2_PRESENT CONVERSION_ALG";
const timeFlags1 = "TOU_SELF_READ SEASON_SELF_READ SEASON_DEMAND_RESET SEASON_CHNG_ARMED SORT_DATES ANCHOR_DATE";
const timeFlags2 = "CAP_DST_AUTO SEPARATE_WEEKDAYS SEPARATE_SUM_DEMANDS SORT_TIER_SWITCHES CAP_TM_ZN_OFFSET";
const profileFlags = [
  ...[1, 2, 3, 4].map((set) => `LP_SET${set}_INHIBIT_OVF_FLAG`), "BLK_END_READ_FLAG", "BLK_END_PULSE_FLAG", ...[1, 2, 3, 4].map((set) => `SCALAR_DIVISOR_FLAG_SET${set}`),
  "EXTENDED_INT_STATUS_FLAG", "SIMPLE_INT_STATUS_FLAG", "BLK_END_RD_INDICATOR",
].join(" ");
const profileForms = ["UINT8", "UINT16", "UINT32", "INT8", "INT16", "INT32", "NI_FMAT1", "NI_FMAT2"].map((form) => `INV_${form}_FLAG`).join(" ");

/** Each of these has a limiting table of the same form, one number below. */
const actual: readonly Vector[] = [
  {
    // Bits 0, 1, 2 and 5: 1 + 2 + 4 + 32.
    table: 11, octets: "27 01 01 02 01 01 02 01",
    value: {
      SOURCE_FLAGS: flags(sourceFlags, "PF_EXCLUDE RESET_EXCLUDE BLOCK_DEMAND SET1_PRESENT"),
      NBR_UOM_ENTRIES: 1, NBR_DEMAND_CTRL_ENTRIES: 1, DATA_CTRL_LENGTH: 2, NBR_DATA_CTRL_ENTRIES: 1, NBR_CONSTANTS_ENTRIES: 1, CONSTANTS_SELECTOR: 2, NBR_SOURCES: 1,
    },
  },
  {
    // All but DEMAND_RESET_LOCK (bit 3): 127 − 8 = 0x77.
    table: 21, octets: "77 02 01*8",
    value: {
      REG_FUNC1: flags("SEASON_INFO_FIELD DATE_TIME_FIELD DEMAND_RESET_CTR DEMAND_RESET_LOCK CUM_DEMAND CONT_CUM_DEMAND TIME_REMAINING", "SEASON_INFO_FIELD DATE_TIME_FIELD DEMAND_RESET_CTR CUM_DEMAND CONT_CUM_DEMAND TIME_REMAINING"),
      REG_FUNC2: { ...flags("SELF_READ_INHIBIT_OVERFLOW SELF_READ_SEQ_NBR DAILY_SELF_READ WEEKLY_SELF_READ", "SELF_READ_SEQ_NBR"), SELF_READ_DEMAND_RESET: 0 },
      NBR_SELF_READS: 1, NBR_SUMMATIONS: 1, NBR_DEMANDS: 1, NBR_COIN_VALUES: 1, NBR_OCCUR: 1, NBR_TIERS: 1, NBR_PRESENT_DEMANDS: 1, NBR_PRESENT_VALUES: 1,
    },
  },
  {
    table: 31, octets: "07 <0002> 01 <0002> 01 <0000> 00",
    value: {
      DISPLAY_CTRL: flags("ON_TIME_FLAG OFF_TIME_FLAG HOLD_TIME_FLAG", "ON_TIME_FLAG OFF_TIME_FLAG HOLD_TIME_FLAG"),
      NBR_DISP_SOURCES: 2, WIDTH_DISP_SOURCES: 1, NBR_PRI_DISP_LIST_ITEMS: 2, NBR_PRI_DISP_LISTS: 1, NBR_SEC_DISP_LIST_ITEMS: 0, NBR_SEC_DISP_LISTS: 0,
    },
  },
  { table: 41, octets: "01 02 01 02 <0001>", value: { NBR_PASSWORDS: 1, PASSWORD_LEN: 2, NBR_KEYS: 1, KEY_LEN: 2, NBR_PERM_USED: 1 } },
  {
    // 1 + 2 + 4 + 16; one season, one special schedule << 4; a calendar of 2 + 3 + 3 + 3 + 8 = 19 octets.
    table: 51, octets: "20 17 11 01 01 <0001> <0013>",
    value: {
      TIME_FUNC_FLAG1: flags(timeFlags1, "ANCHOR_DATE"), TIME_FUNC_FLAG2: flags(timeFlags2, "CAP_DST_AUTO SEPARATE_WEEKDAYS SEPARATE_SUM_DEMANDS CAP_TM_ZN_OFFSET"),
      CALENDAR_FUNC: { NBR_SEASONS: 1, NBR_SPECIAL_SCHED: 1 }, NBR_NON_RECURR_DATES: 1, NBR_RECURR_DATES: 1, NBR_TIER_SWITCHES: 1, CALENDAR_TBL_SIZE: 19,
    },
  },
  {
    // 1,000 octets; flags 4, 5, 6, 10 and 11: 0x0010 + 0x0020 + 0x0040 + 0x0400 + 0x0800; UINT16, INT8, INT32 and NI_FMAT1: 2 + 8 + 32 + 64.
    table: 61, octets: "<000003e8> <0c70> 6a <0001> <0002> 01 0f <0001> <0001> 01 1e <0001> <0001> 01 3c <0001> <0001> 01 05",
    value: {
      LP_MEMORY_LEN: 1_000,
      LP_FLAGS: flags(profileFlags, "BLK_END_READ_FLAG BLK_END_PULSE_FLAG SCALAR_DIVISOR_FLAG_SET1 EXTENDED_INT_STATUS_FLAG SIMPLE_INT_STATUS_FLAG"),
      LP_FMATS: flags(profileForms, "INV_UINT16_FLAG INV_INT8_FLAG INV_INT32_FLAG INV_NI_FMAT1_FLAG"),
      NBR_BLKS_SET1: 1, NBR_BLK_INTS_SET1: 2, NBR_CHNS_SET1: 1, MAX_INT_TIME_SET1: 15,
      NBR_BLKS_SET2: 1, NBR_BLK_INTS_SET2: 1, NBR_CHNS_SET2: 1, MAX_INT_TIME_SET2: 30,
      NBR_BLKS_SET3: 1, NBR_BLK_INTS_SET3: 1, NBR_CHNS_SET3: 1, MAX_INT_TIME_SET3: 60,
      NBR_BLKS_SET4: 1, NBR_BLK_INTS_SET4: 1, NBR_CHNS_SET4: 1, MAX_INT_TIME_SET4: 5,
    },
  },
  {
    table: 71, octets: "07 01 01 01 01 <0001> <0001> 00 <0003>",
    value: {
      LOG_FLAGS: flags("EVENT_NUMBER_FLAG HIST_DATE_TIME_FLAG HIST_SEQ_NBR_FLAG HIST_INHIBIT_OVF_FLAG EVENT_INHIBIT_OVF_FLAG", "EVENT_NUMBER_FLAG HIST_DATE_TIME_FLAG HIST_SEQ_NBR_FLAG"),
      NBR_STD_EVENTS: 1, NBR_MFG_EVENTS: 1, HIST_DATA_LENGTH: 1, EVENT_DATA_LENGTH: 1, NBR_HISTORY_ENTRIES: 1, NBR_EVENT_ENTRIES: 1, EXT_LOG_FLAGS: 0, NBR_PROGRAM_TABLES: 3,
    },
  },
];

const channel = (end: boolean, source: number, endSource: number) => ({ CHNL_FLAG: { END_RDG_FLAG: end }, LP_SOURCE_SELECT: source, END_BLK_RDG_SOURCE_SELECT: endSource });

export const dimensionVectors: readonly Vector[] = [
  ...actual,
  ...actual.map((vector) => ({ ...vector, table: vector.table - 1 })),
  {
    // The form of the intervals of each set: 2 UINT16, 8 INT8, 32 INT32, 64 NI_FMAT1.
    table: 62, octets: "01 00 00 02 <0001> <0004> 00 01 ff 08 00 02 ff 20 00 03 ff 40",
    value: {
      LP_SEL_SET1: [channel(true, 0, 0)], INT_FMT_CDE1: 2, SCALARS_SET1: [1], DIVISOR_SET1: [4],
      LP_SEL_SET2: [channel(false, 1, 255)], INT_FMT_CDE2: 8, LP_SEL_SET3: [channel(false, 2, 255)], INT_FMT_CDE3: 32, LP_SEL_SET4: [channel(false, 3, 255)], INT_FMT_CDE4: 64,
    },
  },
];
