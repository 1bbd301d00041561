import { flags, type Vector } from "./notation.ts";

/** 123,456 = 0x0001E240; 2026-07-04 17:45; 4,464 = 0x1170; 4,465; 4,321 = 0x10E1; −1; then a tier in which nothing has happened. */
const registers = "05 <0001e240> 1a0704112d <00001170> <00001171> <000010e1> <ffffffff> 00*4 00*5 00*16";
const registerValues = {
  NBR_DEMAND_RESETS: 5,
  TOT_DATA_BLOCK: {
    SUMMATIONS: [123_456], DEMANDS: [{ EVENT_TIME: ["2026-07-04T17:45"], CUM_DEMAND: 4_464, CONT_CUM_DEMAND: 4_465, DEMAND: [4_321] }], COINCIDENTS: [{ COINCIDENT_VALUES: [-1] }],
  },
  TIER_DATA_BLOCK: [{ SUMMATIONS: [0], DEMANDS: [{ EVENT_TIME: [""], CUM_DEMAND: 0, CONT_CUM_DEMAND: 0, DEMAND: [0] }], COINCIDENTS: [{ COINCIDENT_VALUES: [0] }] }],
};
const previous: Omit<Vector, "table"> = {
  octets: `1a0a010000 01 ${registers}`,
  value: { REGISTER_INFO: { END_DATE_TIME: "2026-10-01T00:00", SEASON: 1 }, REGISTER_DATA: registerValues },
};

const clockFlags = "DST_FLAG GMT_FLAG TM_ZN_APPLIED_FLAG DST_APPLIED_FLAG DST_SUPPORTED_FLAG";
const listFlags = "ORDER OVERFLOW_FLAG LIST_TYPE INHIBIT_OVERFLOW_FLAG";
const profileFlags = "ORDER OVERFLOW_FLAG LIST_TYPE BLOCK_INHIBIT_OVERFLOW_FLAG INTERVAL_ORDER ACTIVE_MODE_FLAG TEST_MODE";
const profileStatus = (valid: number, set: string, sequence: number, intervals: number) => ({
  LP_SET_STATUS_FLAGS: flags(profileFlags, set), NBR_VALID_BLOCKS: valid, LAST_BLOCK_ELEMENT: 0, LAST_BLOCK_SEQ_NBR: sequence, NBR_UNREAD_BLOCKS: valid, NBR_VALID_INT: intervals,
});

/** A block of sets 2 to 4: time, readings 1 and 2, status of its one interval, and that interval without an extended status. */
const shortBlock = (interval: string): string => `1a0b150705 <00000001> <00000002> 01 00 ${interval}`;
const shortBlockValue = (interval: number) => ({
  BLK_END_TIME: "2026-11-21T07:05", END_READINGS: [{ BLK_END_READ: 1, BLK_END_PULSE: 2 }], SIMPLE_INT_STATUS: [0], LP_INT: [{ EXTENDED_INT_STATUS: [0], INT_DATA: [interval] }],
});

const monitored: Omit<Vector, "table"> = {
  octets: "02 00 00*6 40 00*3 08 00 04 00 00",
  value: { STD_EVENTS_MONITORED: [1], MFG_EVENTS_MONITORED: [], STD_TBLS_MONITORED: [54], MFG_TBLS_MONITORED: [3], STD_PROC_MONITORED: [10], MFG_PROC_MONITORED: [] },
};
/** One entry, the last of which is element 0, with sequence number 7 and not read yet. */
const listHeader = "01 <0001> <0000> <00000007> <0001>";
const listValues = { NBR_VALID_ENTRIES: 1, LAST_ENTRY_ELEMENT: 0, LAST_ENTRY_SEQ_NBR: 7, NBR_UNREAD_ENTRIES: 1 };

/** Decades 2, 5, 6 and 7 but for their dimensions. */
export const meteringVectors: readonly Vector[] = [
  { table: 22, octets: "00 01 01 02 00", value: { SUMMATION_SELECT: [0], DEMAND_SELECT: [1], MIN_OR_MAX_FLAGS: [0], COINCIDENT_SELECT: [2], COIN_DEMAND_ASSOC: [0] } },
  { table: 23, octets: registers, value: registerValues },
  { table: 24, ...previous },
  { table: 25, ...previous },
  {
    table: 26, octets: `01 01 00 <0007> 01 <0007> ${previous.octets}`,
    value: {
      LIST_STATUS: flags(listFlags, "ORDER"), NBR_VALID_ENTRIES: 1, LAST_ENTRY_ELEMENT: 0, LAST_ENTRY_SEQ_NBR: 7, NBR_UNREAD_ENTRIES: 1,
      ENTRIES: [{ SELF_READ_SEQ_NBR: 7, REGISTER_INFO: { END_DATE_TIME: "2026-10-01T00:00", SEASON: 1 }, REGISTER_DATA: registerValues }],
    },
  },
  { table: 27, octets: "01 02", value: { PRESENT_DEMAND_SELECT: [1], PRESENT_VALUE_SELECT: [2] } },
  { table: 28, octets: "000e3b <000010e1> <0001e240>", value: { PRESENT_DEMAND: [{ TIME_REMAINING: "00:14:59", DEMAND_VALUE: 4_321 }], PRESENT_VALUE: [123_456] } },
  {
    // Saturday is 6; daylight saving on, applied and supported: bits 3, 6 and 7.
    table: 52, octets: "1a0b15070509 ce",
    value: { CLOCK_CALENDAR: "2026-11-21T07:05:09", TIME_DATE_QUAL: { DAY_OF_WEEK: 6, ...flags(clockFlags, "DST_FLAG DST_APPLIED_FLAG DST_SUPPORTED_FLAG") } },
  },
  { table: 53, octets: "020000 3c <fe5c>", value: { DST_TIME_EFF: "02:00:00", DST_TIME_AMT: 60, TIME_ZONE_OFFSET: -420 } },
  {
    // Dates 26 + 11 × 128 + 26 × 2,048 and 26 + 3 × 128 + 8 × 2,048; recurring 6 + 1 × 2,048, season 1 with a demand reset; switch 2 + 8 + 30 × 32 + 15 × 2,048.
    table: 54, octets: "<d59a> <419a> 01 <0806> 24 <7bca> 00 00 01 02 03 04 05 06 07",
    value: {
      ANCHOR_DATE: "2026-11-26",
      NON_RECURR_DATES: [{ NON_RECURR_DATE: "2026-03-08", CALENDAR_ACTION: { CALENDAR_CTRL: 1, DEMAND_RESET_FLAG: false, SELF_READ_FLAG: false } }],
      RECURR_DATES: [{ RECURR_DATE: { MONTH: 6, OFFSET: 0, WEEKDAY: 0, DAY: 1 }, CALENDAR_ACTION: { CALENDAR_CTRL: 4, DEMAND_RESET_FLAG: true, SELF_READ_FLAG: false } }],
      TIER_SWITCHES: [{ TIER_SWITCH: { NEW_TIER: 2, SUMMATION_SWITCH_FLAG: true, DEMANDS_SWITCH_FLAG: false, SWITCH_MIN: 30, SWITCH_HOUR: 15 }, DAY_SCH_NUM: 0 }],
      DAILY_SCHEDULE_ID_MATRIX: [{
        SUNDAY_SCHEDULE: 0, MONDAY_SCHEDULE: 1, TUESDAY_SCHEDULE: 2, WEDNESDAY_SCHEDULE: 3, THURSDAY_SCHEDULE: 4, FRIDAY_SCHEDULE: 5, SATURDAY_SCHEDULE: 6, SPECIAL_SCHEDULE: [7],
      }],
    },
  },
  {
    // Tiers 2 and 1 (1 << 3), season 1 (1 << 12), special schedule 0.
    table: 55, octets: "1a0b15070509 06 <100a>",
    value: {
      CLOCK_CALENDAR: "2026-11-21T07:05:09", TIME_DATE_QUAL: { DAY_OF_WEEK: 6, ...flags(clockFlags) },
      STATUS: { CURR_SUMM_TIER: 2, CURR_DEMAND_TIER: 1, TIER_DRIVE: 0, SPECIAL_SCHD_ACTIVE: 0, SEASON: 1 },
    },
  },
  { table: 56, octets: "<005a> <003c> 0a", value: { SUMM_TIER_TIME_REMAIN: 90, DEMAND_TIER_TIME_REMAIN: 60, SELF_READ_DAYS_REMAIN: 10 } },
  {
    table: 63, octets: "21 <0001> <0000> <00010001> <0001> <0002> 00*39",
    value: {
      LP_STATUS_SET1: profileStatus(1, "ORDER ACTIVE_MODE_FLAG", 65_537, 2), LP_STATUS_SET2: profileStatus(0, "", 0, 0), LP_STATUS_SET3: profileStatus(0, "", 0, 0),
      LP_STATUS_SET4: profileStatus(0, "", 0, 0),
    },
  },
  {
    // Two intervals of one channel: the first with a power failure, 0x1234 = 4,660; the second 0xFFFF.
    table: 64, octets: "1a0b150705 <0001e240> <000f4240> 03 20 <1234> 00 <ffff>",
    value: {
      LP_DATA_SET1: [{
        BLK_END_TIME: "2026-11-21T07:05", END_READINGS: [{ BLK_END_READ: 123_456, BLK_END_PULSE: 1_000_000 }], SIMPLE_INT_STATUS: [0, 1],
        LP_INT: [{ EXTENDED_INT_STATUS: [32], INT_DATA: [4_660] }, { EXTENDED_INT_STATUS: [0], INT_DATA: [65_535] }],
      }],
    },
  },
  { table: 65, octets: shortBlock("fe"), value: { LP_DATA_SET2: [shortBlockValue(-2)] } },
  { table: 66, octets: shortBlock("<80000000>"), value: { LP_DATA_SET3: [shortBlockValue(-2_147_483_648)] } },
  { table: 67, octets: shortBlock("<00000005>"), value: { LP_DATA_SET4: [shortBlockValue(5)] } },
  { table: 72, octets: "02 80", value: { STD_EVENTS_SUPPORTED: [1], MFG_EVENTS_SUPPORTED: [7] } },
  { table: 73, ...monitored },
  {
    table: 74, octets: `${listHeader} 1a0b15070509 <0007> <0003> <0002> <000b> ab`,
    value: {
      HIST_FLAGS: flags(listFlags, "ORDER"), ...listValues,
      ENTRIES: [{
        HISTORY_TIME: "2026-11-21T07:05:09", EVENT_NUMBER: 7, HISTORY_SEQ_NBR: 3, USER_ID: 2, HISTORY_CODE: { TBL_PROC_NBR: 11, STD_VS_MFG: false, SELECTOR: 0 }, HISTORY_ARGUMENT: "ab",
      }],
    },
  },
  { table: 75, ...monitored },
  {
    // A manufacturer's event 20: bit 11.
    table: 76, octets: `${listHeader} 1a0b15070509 <0007> <0003> <0002> <0814> cd`,
    value: {
      EVENT_FLAGS: flags(listFlags, "ORDER"), ...listValues,
      ENTRIES: [{ EVENT_TIME: "2026-11-21T07:05:09", EVENT_NUMBER: 7, EVENT_SEQ_NBR: 3, USER_ID: 2, EVENT_CODE: { TBL_PROC_NBR: 20, STD_VS_MFG: true, SELECTOR: 0 }, EVENT_ARGUMENT: "cd" }],
    },
  },
];
