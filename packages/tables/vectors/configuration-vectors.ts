import { flags, type Vector } from "./notation.ts";

const status = ["UNPROGRAMMED", "CONFIGURATION_ERROR", "SELF_CHK_ERROR", "RAM_FAILURE", "ROM_FAILURE", "NONVOL_MEM_FAILURE", "CLOCK_ERROR", "MEASUREMENT_ERROR", "LOW_BATTERY",
  "LOW_LOSS_POTENTIAL", "DEMAND_OVERLOAD", "POWER_FAILURE", "TAMPER_DETECT", "REVERSE_ROTATION"].map((flag) => `${flag}_FLAG`).join(" ");
const modes = "METERING_FLAG TEST_MODE_FLAG METER_SHOP_MODE_FLAG FACTORY_FLAG";
const groups = (...set: number[]) => flags([0, 1, 2, 3, 4, 5, 6, 7].map((group) => `GROUP_PERM_FLAG_${group}`).join(" "), set.map((group) => `GROUP_PERM_FLAG_${group}`).join(" "));
const tableFlags = (number: number, set = "") => ({ TBL_PROC_NBR: number, ...flags("STD_VS_MFG PROC_FLAG FLAG1 FLAG2 FLAG3", set) });

/** Decades 0, 1, 3 and 4 but for their dimensions. */
export const configurationVectors: readonly Vector[] = [
  {
    table: 1, octets: '"MSMT"4 "IX-4S"8 01 02 03 04 "42"16',
    value: { MANUFACTURER: "MSMT", ED_MODEL: "IX-4S", HW_VERSION: 1, HW_REVISION: 2, FW_VERSION: 3, FW_REVISION: 4, MFG_SERIAL_NUMBER: "42" },
  },
  {
    // 2 + 1 × 8 + 3 × 64 + 9 × 1,024 = 9,418 = 0x24CA; 2 + 3 × 16.
    table: 2, octets: '"7.2"6 "1.8"6 01 "2S"5 <24ca> 32 "200"6 "30"6',
    value: {
      E_KH: "7.2", E_KT: "1.8", E_INPUT_SCALAR: 1, E_ED_CONFIG: "2S", E_ELEMENTS: { E_FREQ: 2, E_NO_OF_ELEMENTS: 1, E_BASE_TYPE: 3, E_ACCURACY_CLASS: 9 },
      E_VOLTS: { E_ELEMENTS_VOLTS: 2, E_ED_SUPPLY_VOLTS: 3 }, E_CLASS_MAX_AMPS: "200", E_TA: "30",
    },
  },
  {
    // Bits 0, 1 and 13.
    table: 3, octets: "01 <2003> 00 81",
    value: {
      ED_MODE: flags(modes, "METERING_FLAG"), ED_STD_STATUS1: flags(status, "UNPROGRAMMED_FLAG CONFIGURATION_ERROR_FLAG REVERSE_ROTATION_FLAG"), ED_STD_STATUS2: 0, ED_MFG_STATUS: [0, 7],
    },
  },
  {
    // Table 54 is bit 6 of octet 6; pending table 54 is 0x1000 + 0x36; at an absolute time (code 0) with a self read (bit 4).
    table: 4, octets: "00*6 40 00*3 00 1a0b150705 01 10 1a0c010000 <1036>",
    value: {
      STANDARD_PENDING: [54], MANUF_PENDING: [], LAST_ACTIVATION_DATE_TIME: "2026-11-21T07:05", NBR_PENDING_ACTIVATION: 1,
      PENDING_TABLES: [{
        EVENT: { EVENT_SELECT: { EVENT_CODE: 0, SELF_READ_FLAG: true, DEMAND_RESET_FLAG: false }, EVENT_STORAGE: "1a0c010000" },
        TABLE_SELECT: { TBL_PROC_NBR: 54, ...flags("STD_VS_MFG PENDING_FLAG FLAG1 FLAG2 FLAG3", "PENDING_FLAG") },
      }],
    },
  },
  { table: 5, octets: '"ID-1"20', value: { IDENTIFICATION: "ID-1" } },
  {
    table: 6,
    octets: '"OWNER"20 "NORTH"20 "SP 7"20 ""20 "D1"20 "U1"20 "C1"20 01*10 02*10 03*10 "R1"8 "MSMT"4 00 07 ""4 01 02 "metersmith"10 "mark"30',
    value: {
      OWNER_NAME: "OWNER", UTILITY_DIV: "NORTH", SERVICE_POINT_ID: "SP 7", ELEC_ADDR: "", DEVICE_ID: "D1", UTIL_SER_NO: "U1", CUSTOMER_ID: "C1",
      COORDINATE_1: "01".repeat(10), COORDINATE_2: "02".repeat(10), COORDINATE_3: "03".repeat(10), TARIFF_ID: "R1", EX1_SW_VENDOR: "MSMT", EX1_SW_VERSION: 0, EX1_SW_REVISION: 7,
      EX2_SW_VENDOR: "", EX2_SW_VERSION: 1, EX2_SW_REVISION: 2, PROGRAMMER_NAME: "metersmith", MISC_ID: "mark",
    },
  },
  {
    // Procedure 10, selector 1 in bits 12-15.
    table: 7, octets: "<100a> 05 03 1a0b15070509 06 00*16",
    value: { PROC: { TBL_PROC_NBR: 10, STD_VS_MFG: false, SELECTOR: 1 }, SEQ_NBR: 5, PARM_DATA: `031a0b1507050906${"00".repeat(16)}` },
  },
  {
    // Manufacturer procedure 3 (bit 11), accepted and not yet completed.
    table: 8, octets: "<0803> 06 01 ab*16",
    value: { PROC: { TBL_PROC_NBR: 3, STD_VS_MFG: true, SELECTOR: 0 }, SEQ_NBR: 6, RESULT_CODE: 1, RESP_DATA: "ab".repeat(16) },
  },
  {
    // Multiplier 2 << 11 = 0x1000; quadrants 1 and 4 are bits 14 and 17; NFS is bit 31.
    table: 12, octets: "<80025000>",
    value: {
      UOM_ENTRY: [{
        ID_CODE: 0, TIME_BASE: 0, MULTIPLIER: 2, Q1_ACCOUNTABILITY: true, Q2_ACCOUNTABILITY: false, Q3_ACCOUNTABILITY: false, Q4_ACCOUNTABILITY: true, NET_FLOW: false,
        SEGMENTATION: 0, HARMONIC: false, ID_RESOURCE: 0, NFS: true,
      }],
    },
  },
  {
    table: 13, octets: "05 0a 0f 1e <000f>",
    value: { RESET_EXCLUSION: 5, P_FAIL_RECOGNTN_TM: 10, P_FAIL_EXCLUSION: 15, COLD_LOAD_PICKUP: 30, INTERVAL_VALUE: [{ INT_LENGTH: 15 }] },
  },
  { table: 14, octets: "beef", value: { SOURCES_ID: ["beef"] } },
  {
    // 120, −2 (0xFFFFFFFE), ratios 400 and 120.
    table: 15, octets: "<00000078> <fffffffe> 01 <00000190> <00000078>",
    value: { SELECTION: [{ MULTIPLIER: 120, OFFSET: -2, SET1_CONSTANTS: { SET_FLAGS: { SET_APPLIED_FLAG: true }, RATIO_F1: 400, RATIO_P1: 120 } }] },
  },
  {
    table: 16, octets: "13",
    value: { SOURCES_LINK: [flags("UOM_ENTRY_FLAG DEMAND_CTRL_FLAG DATA_CTRL_FLAG CONSTANTS_FLAG PULSE_ENGR_FLAG CONSTANT_TO_BE_APPLIED", "UOM_ENTRY_FLAG DEMAND_CTRL_FLAG PULSE_ENGR_FLAG")] },
  },
  {
    table: 33, octets: "15 13 02 <0001> <0102>",
    value: { PRI_DISP_LIST: [{ ON_OFF: { ON_TIME: 5, OFF_TIME: 1 }, HOLD_DEFAULT: { HOLD_TIME: 3, DEFAULT_LIST: 1 }, NBR_LIST_ITEMS: 2 }], PRI_DISP_SOURCES: [1, 258] },
  },
  { table: 42, octets: "0102 05", value: { SECURITY_ENTRIES: [{ PASSWORD: "0102", ACCESS_PERMISSIONS: groups(0, 2) }] } },
  {
    // FLAG1 is bit 13, PROC_FLAG bit 12.
    table: 43, octets: "<2000> 01 02 <1000> 00 04",
    value: {
      TABLE_DEFAULT: { ACCESS_TABLE_DEF: tableFlags(0, "FLAG1"), READ: groups(0), WRITE: groups(1) },
      PROCEDURE_DEFAULT: { ACCESS_TABLE_DEF: tableFlags(0, "PROC_FLAG"), READ: groups(), WRITE: groups(2) },
    },
  },
  { table: 44, octets: "<0836> ff 02", value: { ACCESS_CONTROL: [{ ACCESS_TABLE_DEF: tableFlags(54, "STD_VS_MFG"), READ: groups(0, 1, 2, 3, 4, 5, 6, 7), WRITE: groups(1) }] } },
  { table: 45, octets: "beef", value: { KEY_ENTRIES: [{ KEY: "beef" }] } },
];
