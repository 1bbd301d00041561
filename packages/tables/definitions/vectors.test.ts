import { fromHex, toHex } from "@metersmith/base/bytes";
import { describe, expect, test } from "vitest";
import type { FieldValue } from "../field-value.ts";
import { leastFirst, leastFirstMeter, mostFirst, mostFirstMeter } from "../testing/hand-made-meters.ts";

/**
 * Each row worked out by hand from the public facts on the table (docs/reference/tdl.md names their sources); the reasoning stands beside it. Both
 * directions are held against the octets: decoding gives the value, encoding the value gives the octets.
 */
interface Vector {
  readonly about: string;
  readonly table: number;
  readonly hex: string;
  readonly value: FieldValue;
}

const noGroups = Object.fromEntries([0, 1, 2, 3, 4, 5, 6, 7].map((group) => [`GROUP_PERM_FLAG_${group}`, false]));
const noStatus = Object.fromEntries(
  ["UNPROGRAMMED", "CONFIGURATION_ERROR", "SELF_CHK_ERROR", "RAM_FAILURE", "ROM_FAILURE", "NONVOL_MEM_FAILURE", "CLOCK_ERROR", "MEASUREMENT_ERROR",
    "LOW_BATTERY", "LOW_LOSS_POTENTIAL", "DEMAND_OVERLOAD", "POWER_FAILURE", "TAMPER_DETECT", "REVERSE_ROTATION"].map((flag) => [`${flag}_FLAG`, false]),
);

/** Without multi-octet numbers, or with octets that no data order turns round. */
const inBothOrders: readonly Vector[] = [
  {
    about: "identity, blank-padded text",
    table: 1,
    hex: `${toHex(new TextEncoder().encode("MSMT"))} ${toHex(new TextEncoder().encode("RX-2S   "))} 01 02 03 04 ${toHex(new TextEncoder().encode("M000000000000042"))}`,
    value: { MANUFACTURER: "MSMT", ED_MODEL: "RX-2S", HW_VERSION: 1, HW_REVISION: 2, FW_VERSION: 3, FW_REVISION: 4, MFG_SERIAL_NUMBER: "M000000000000042" },
  },
  {
    // 1 UOM; 1 + 2: UOM and demand control; engineering units is bit 4.
    about: "links of sources",
    table: 16,
    hex: "11 03",
    value: {
      SOURCES_LINK: [
        { UOM_ENTRY_FLAG: true, DEMAND_CTRL_FLAG: false, DATA_CTRL_FLAG: false, CONSTANTS_FLAG: false, PULSE_ENGR_FLAG: true, CONSTANT_TO_BE_APPLIED: false },
        { UOM_ENTRY_FLAG: true, DEMAND_CTRL_FLAG: true, DATA_CTRL_FLAG: false, CONSTANTS_FLAG: false, PULSE_ENGR_FLAG: false, CONSTANT_TO_BE_APPLIED: false },
      ],
    },
  },
  {
    about: "selection of registers: two summations, one demand, the demand a maximum",
    table: 22,
    hex: "00 ff 01 01",
    value: { SUMMATION_SELECT: [0, 255], DEMAND_SELECT: [1], MIN_OR_MAX_FLAGS: [0], COINCIDENT_SELECT: [], COIN_DEMAND_ASSOC: [] },
  },
  {
    about: "passwords with their groups: group 1 has bit 1",
    table: 42,
    hex: "01020304 01 a1b2c3d4 02",
    value: {
      SECURITY_ENTRIES: [
        { PASSWORD: "01020304", ACCESS_PERMISSIONS: { ...noGroups, GROUP_PERM_FLAG_0: true } },
        { PASSWORD: "a1b2c3d4", ACCESS_PERMISSIONS: { ...noGroups, GROUP_PERM_FLAG_1: true } },
      ],
    },
  },
];

const leastFirstVectors: readonly Vector[] = [
  {
    // Metering bit 0; status 0x2003: bits 0, 1 and 13, low octet first.
    about: "mode and status flags",
    table: 3,
    hex: "01 03 20 00",
    value: {
      ED_MODE: { METERING_FLAG: true, TEST_MODE_FLAG: false, METER_SHOP_MODE_FLAG: false, FACTORY_FLAG: false },
      ED_STD_STATUS1: { ...noStatus, UNPROGRAMMED_FLAG: true, CONFIGURATION_ERROR_FLAG: true, REVERSE_ROTATION_FLAG: true },
      ED_STD_STATUS2: 0,
      ED_MFG_STATUS: [],
    },
  },
  {
    // Procedure 10 of the standard, post on completion, sequence 1, one octet of parameters: as a public client sends it (worked frame "Write ST7").
    about: "a procedure as a public client starts it",
    table: 7,
    hex: "0a 00 01 01",
    value: { PROC: { TBL_PROC_NBR: 10, STD_VS_MFG: false, SELECTOR: 0 }, SEQ_NBR: 1, PARM_DATA: "01" },
  },
  {
    // Wh of quadrants 1 and 4 in thousands: code 0, bits 14 and 17 are 0x024000, multiplier 2 is 2 << 11 = 0x1000; and nothing.
    about: "units of measure",
    table: 12,
    hex: "00 50 02 00 00 00 00 80",
    value: {
      UOM_ENTRY: [
        { ID_CODE: 0, TIME_BASE: 0, MULTIPLIER: 2, Q1_ACCOUNTABILITY: true, Q2_ACCOUNTABILITY: false, Q3_ACCOUNTABILITY: false, Q4_ACCOUNTABILITY: true, NET_FLOW: false, SEGMENTATION: 0, HARMONIC: false, ID_RESOURCE: 0, NFS: false },
        { ID_CODE: 0, TIME_BASE: 0, MULTIPLIER: 0, Q1_ACCOUNTABILITY: false, Q2_ACCOUNTABILITY: false, Q3_ACCOUNTABILITY: false, Q4_ACCOUNTABILITY: false, NET_FLOW: false, SEGMENTATION: 0, HARMONIC: false, ID_RESOURCE: 0, NFS: true },
      ],
    },
  },
  { about: "block demand of 15 minutes", table: 13, hex: "0f 00", value: { INTERVAL_VALUE: [{ INT_LENGTH: 15 }] } },
  {
    // 1,000,000 = 0x0F4240; −2 = 0xFFFFFFFE; 2026-07-04 17:45; 70,000 = 0x011170; 4,321 = 0x10E1; a tier in which nothing has happened.
    about: "registers in INT32",
    table: 23,
    hex: "05 40420f00 feffffff 1a0704112d 70110100 e1100000 00000000 00000000 0000000000 00000000 00000000",
    value: {
      NBR_DEMAND_RESETS: 5,
      TOT_DATA_BLOCK: { SUMMATIONS: [1_000_000, -2], DEMANDS: [{ EVENT_TIME: ["2026-07-04T17:45"], CUM_DEMAND: 70_000, DEMAND: [4_321] }], COINCIDENTS: [] },
      TIER_DATA_BLOCK: [{ SUMMATIONS: [0, 0], DEMANDS: [{ EVENT_TIME: [""], CUM_DEMAND: 0, DEMAND: [0] }], COINCIDENTS: [] }],
    },
  },
  {
    // Saturday is 6; daylight saving on, applied and supported: bits 3, 6 and 7.
    about: "clock",
    table: 52,
    hex: "1a 0b 15 07 05 09 ce",
    value: {
      CLOCK_CALENDAR: "2026-11-21T07:05:09",
      TIME_DATE_QUAL: { DAY_OF_WEEK: 6, DST_FLAG: true, GMT_FLAG: false, TM_ZN_APPLIED_FLAG: false, DST_APPLIED_FLAG: true, DST_SUPPORTED_FLAG: true },
    },
  },
  {
    // −420 minutes = 0xFE5C.
    about: "offsets of the clock",
    table: 53,
    hex: "02 00 00 3c 5c fe",
    value: { DST_TIME_EFF: "02:00:00", DST_TIME_AMT: 60, TIME_ZONE_OFFSET: -420 },
  },
  {
    // Dates: 26 + 11 × 128 + 26 × 2048 = 0xD59A, 26 + 3 × 128 + 8 × 2048 = 0x419A. Recurring: 6 + 1 × 2048 = 0x0806; action 4 and demand reset = 0x24.
    // Switches: 2 + 30 × 32 + 15 × 2048 = 0x7BC2, 20 × 2048 = 0xA000.
    about: "calendar",
    table: 54,
    hex: "9ad5 13 9a41 01 0608 24 c27b 00 00a0 01 01010001 03020001",
    value: {
      NON_RECURR_DATES: [
        { NON_RECURR_DATE: "2026-11-26", CALENDAR_ACTION: { CALENDAR_CTRL: 19, DEMAND_RESET_FLAG: false, SELF_READ_FLAG: false } },
        { NON_RECURR_DATE: "2026-03-08", CALENDAR_ACTION: { CALENDAR_CTRL: 1, DEMAND_RESET_FLAG: false, SELF_READ_FLAG: false } },
      ],
      RECURR_DATES: [{ RECURR_DATE: { MONTH: 6, OFFSET: 0, WEEKDAY: 0, DAY: 1 }, CALENDAR_ACTION: { CALENDAR_CTRL: 4, DEMAND_RESET_FLAG: true, SELF_READ_FLAG: false } }],
      TIER_SWITCHES: [
        { TIER_SWITCH: { NEW_TIER: 2, SWITCH_MIN: 30, SWITCH_HOUR: 15 }, DAY_SCH_NUM: 0 },
        { TIER_SWITCH: { NEW_TIER: 0, SWITCH_MIN: 0, SWITCH_HOUR: 20 }, DAY_SCH_NUM: 1 },
      ],
      DAILY_SCHEDULE_ID_MATRIX: [
        { SATURDAY_SCHEDULE: 1, SUNDAY_SCHEDULE: 1, WEEKDAY_SCHEDULE: 0, SPECIAL_SCHEDULE: [1] },
        { SATURDAY_SCHEDULE: 3, SUNDAY_SCHEDULE: 2, WEEKDAY_SCHEDULE: 0, SPECIAL_SCHEDULE: [1] },
      ],
    },
  },
  {
    // Tier 2, no special schedule (15 << 8), season 1 (1 << 12): 0x1F02.
    about: "state of the clock",
    table: 55,
    hex: "1a 0b 15 07 05 09 06 02 1f",
    value: {
      CLOCK_CALENDAR: "2026-11-21T07:05:09",
      TIME_DATE_QUAL: { DAY_OF_WEEK: 6, DST_FLAG: false, GMT_FLAG: false, TM_ZN_APPLIED_FLAG: false, DST_APPLIED_FLAG: false, DST_SUPPORTED_FLAG: false },
      STATUS: { CURR_TIER: 2, TIER_DRIVE: 0, SPECIAL_SCHD_ACTIVE: 15, SEASON: 1 },
    },
  },
];

const mostFirstVectors: readonly Vector[] = [
  {
    about: "mode and status flags",
    table: 3,
    hex: "01 20 03 00",
    value: {
      ED_MODE: { METERING_FLAG: true, TEST_MODE_FLAG: false, METER_SHOP_MODE_FLAG: false, FACTORY_FLAG: false },
      ED_STD_STATUS1: { ...noStatus, UNPROGRAMMED_FLAG: true, CONFIGURATION_ERROR_FLAG: true, REVERSE_ROTATION_FLAG: true },
      ED_STD_STATUS2: 0,
      ED_MFG_STATUS: [],
    },
  },
  { about: "block demand of 15 minutes", table: 13, hex: "00 0f", value: { INTERVAL_VALUE: [{ INT_LENGTH: 15 }] } },
  {
    // INT48; 2026-07-04 is day 20,638 since 1970: 20,638 × 86,400 + 17 × 3,600 + 45 × 60 = 1,783,187,100 = 0x6A49469C; 4.5 = 1.125 × 2²: exponent 129.
    about: "registers in INT48 and FLOAT32",
    table: 23,
    hex: "05 0000000f4240 fffffffffffe 6a49469c 000000011170 40900000 000000000000 000000000000 00000000 000000000000 00000000",
    value: {
      NBR_DEMAND_RESETS: 5,
      TOT_DATA_BLOCK: { SUMMATIONS: [1_000_000, -2], DEMANDS: [{ EVENT_TIME: ["2026-07-04T17:45:00"], CUM_DEMAND: 70_000, DEMAND: [4.5] }], COINCIDENTS: [] },
      TIER_DATA_BLOCK: [{ SUMMATIONS: [0, 0], DEMANDS: [{ EVENT_TIME: ["1970-01-01T00:00:00"], CUM_DEMAND: 0, DEMAND: [0] }], COINCIDENTS: [] }],
    },
  },
  {
    // 2:00:00 is 7,200 s = 0x1C20.
    about: "offsets of the clock",
    table: 53,
    hex: "00001c20 3c fe5c",
    value: { DST_TIME_EFF: "02:00:00", DST_TIME_AMT: 60, TIME_ZONE_OFFSET: -420 },
  },
  {
    // As the other meter's, high octet first; the first switch moves energy only: bit 3.
    about: "calendar with tiers of its own for demand",
    table: 54,
    hex: "d59a 13 419a 01 0806 24 7bca 00 a010 01 01010001 03020001",
    value: {
      NON_RECURR_DATES: [
        { NON_RECURR_DATE: "2026-11-26", CALENDAR_ACTION: { CALENDAR_CTRL: 19, DEMAND_RESET_FLAG: false, SELF_READ_FLAG: false } },
        { NON_RECURR_DATE: "2026-03-08", CALENDAR_ACTION: { CALENDAR_CTRL: 1, DEMAND_RESET_FLAG: false, SELF_READ_FLAG: false } },
      ],
      RECURR_DATES: [{ RECURR_DATE: { MONTH: 6, OFFSET: 0, WEEKDAY: 0, DAY: 1 }, CALENDAR_ACTION: { CALENDAR_CTRL: 4, DEMAND_RESET_FLAG: true, SELF_READ_FLAG: false } }],
      TIER_SWITCHES: [
        { TIER_SWITCH: { NEW_TIER: 2, SUMMATION_SWITCH_FLAG: true, DEMANDS_SWITCH_FLAG: false, SWITCH_MIN: 30, SWITCH_HOUR: 15 }, DAY_SCH_NUM: 0 },
        { TIER_SWITCH: { NEW_TIER: 0, SUMMATION_SWITCH_FLAG: false, DEMANDS_SWITCH_FLAG: true, SWITCH_MIN: 0, SWITCH_HOUR: 20 }, DAY_SCH_NUM: 1 },
      ],
      DAILY_SCHEDULE_ID_MATRIX: [
        { SATURDAY_SCHEDULE: 1, SUNDAY_SCHEDULE: 1, WEEKDAY_SCHEDULE: 0, SPECIAL_SCHEDULE: [1] },
        { SATURDAY_SCHEDULE: 3, SUNDAY_SCHEDULE: 2, WEEKDAY_SCHEDULE: 0, SPECIAL_SCHEDULE: [1] },
      ],
    },
  },
  {
    // 2026-11-21 07:05:09 is day 20,778: 1,795,244,709 = 0x6B0142A5. Tiers 2 and 1 (1 << 3), special schedule 0, season 1: 0x100A.
    about: "state of the clock",
    table: 55,
    hex: "6b0142a5 06 100a",
    value: {
      CLOCK_CALENDAR: "2026-11-21T07:05:09",
      TIME_DATE_QUAL: { DAY_OF_WEEK: 6, DST_FLAG: false, GMT_FLAG: false, TM_ZN_APPLIED_FLAG: false, DST_APPLIED_FLAG: false, DST_SUPPORTED_FLAG: false },
      STATUS: { CURR_SUMM_TIER: 2, CURR_DEMAND_TIER: 1, TIER_DRIVE: 0, SPECIAL_SCHD_ACTIVE: 0, SEASON: 1 },
    },
  },
];

describe.each([
  { order: "least significant octet first", meter: leastFirstMeter, vectors: [...inBothOrders, ...leastFirstVectors] },
  { order: "most significant octet first", meter: mostFirstMeter, vectors: [...inBothOrders, ...mostFirstVectors] },
])("$order", ({ meter, vectors }) => {
  test.each(vectors)("[TDL-1] table $table decodes as worked out by hand: $about", ({ table, hex, value }) => {
    expect(meter().decode(table, fromHex(hex)).tree()).toEqual(value);
  });

  test.each(vectors)("[TDL-1] table $table encodes as worked out by hand: $about", ({ table, hex, value }) => {
    expect(toHex(meter().encode(table, value))).toBe(toHex(fromHex(hex)));
  });
});

test("[TDL-1] table 0 lists what was put into it by hand", () => {
  const general = leastFirstMeter().decode(0, leastFirst[0]);
  expect(general.get("STD_TBLS_USED")).toEqual([0, 1, 3, 5, 6, 7, 8, 11, 12, 13, 16, 21, 22, 23, 41, 42, 44, 51, 52, 53, 54, 55]);
  expect(general.get("STD_TBLS_WRITE")).toEqual([6, 7, 12, 13, 16, 22, 53, 54]);
  expect(general.get("STD_PROC_USED")).toEqual([3, 10]);
  expect(general.get("FORMAT_CONTROL_2")).toEqual({ TM_FORMAT: 2, DATA_ACCESS_METHOD: 1, ID_FORM: 0, INT_FORMAT: 0 });
  expect(mostFirstMeter().decode(0, mostFirst[0]).get("FORMAT_CONTROL_3")).toEqual({ NI_FORMAT1: 10, NI_FORMAT2: 1 });
});

test("[TDL-1] procedure 10 takes and gives what the public sources say", () => {
  // Time and date, 2026-11-21 07:05:09, a Saturday; the answer has the clock before and after.
  const meter = leastFirstMeter();
  const parameters = { SET_MASK: { SET_TIME_FLAG: true, SET_DATE_FLAG: true }, DATE_TIME: "2026-11-21T07:05:09", TIME_DATE_QUAL: { DAY_OF_WEEK: 6 } };
  expect(toHex(meter.encodeParameters(10, parameters))).toBe("031a0b1507050906");
  expect(meter.decodeResponse(10, fromHex("1a0b15070400 1a0b15070509")).tree()).toEqual({
    DATE_TIME_BEFORE: "2026-11-21T07:04:00", DATE_TIME_AFTER: "2026-11-21T07:05:09",
  });
});
