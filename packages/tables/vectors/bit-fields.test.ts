import { fromHex, toHex } from "@metersmith/base/bytes";
import { describe, expect, test } from "vitest";
import type { FieldValue } from "../field-value.ts";
import { BothCodecs } from "./both-codecs.ts";
import { controlsByOrder, dimensionVectors, generalOctets } from "./dimension-vectors.ts";
import { octetsIn, type DataOrder } from "./notation.ts";

/**
 * The bits of every bit field, as the public facts on its table give them: bit or bits, name. Octets and widths are worked out by hand for the meter of
 * dimension-vectors.ts. Each sub-field is set alone, to its largest value: a bit out of place shows in two of them.
 */
interface BitField {
  readonly table: number;
  readonly path: string;
  readonly offset: number;
  readonly octets: 1 | 2 | 4;
  readonly bits: string;
}

const numbered = (names: string): string => names.split(" ").map((name, bit) => `${bit} ${name}`).join(" ");
const groups = numbered([0, 1, 2, 3, 4, 5, 6, 7].map((group) => `GROUP_PERM_FLAG_${group}`).join(" "));
const list = numbered("ORDER OVERFLOW_FLAG LIST_TYPE INHIBIT_OVERFLOW_FLAG");
const modes = numbered("METERING_FLAG TEST_MODE_FLAG METER_SHOP_MODE_FLAG FACTORY_FLAG");
const tableIdB = "0-10 TBL_PROC_NBR 11 STD_VS_MFG 12-15 SELECTOR";

const bitFields: readonly BitField[] = [
  // 6 + 6 + 1 + 5 octets of text and scalar lie before.
  { table: 2, path: "E_ELEMENTS", offset: 18, octets: 2, bits: "0-2 E_FREQ 3-5 E_NO_OF_ELEMENTS 6-9 E_BASE_TYPE 10-15 E_ACCURACY_CLASS" },
  { table: 2, path: "E_VOLTS", offset: 20, octets: 1, bits: "0-3 E_ELEMENTS_VOLTS 4-7 E_ED_SUPPLY_VOLTS" },
  { table: 3, path: "ED_MODE", offset: 0, octets: 1, bits: modes },
  {
    table: 3, path: "ED_STD_STATUS1", offset: 1, octets: 2,
    bits: numbered("UNPROGRAMMED_FLAG CONFIGURATION_ERROR_FLAG SELF_CHK_ERROR_FLAG RAM_FAILURE_FLAG ROM_FAILURE_FLAG NONVOL_MEM_FAILURE_FLAG CLOCK_ERROR_FLAG MEASUREMENT_ERROR_FLAG LOW_BATTERY_FLAG LOW_LOSS_POTENTIAL_FLAG DEMAND_OVERLOAD_FLAG POWER_FAILURE_FLAG TAMPER_DETECT_FLAG REVERSE_ROTATION_FLAG"),
  },
  // Sets of 10 and 1 octets, a time of 5, a number.
  { table: 4, path: "PENDING_TABLES[0].EVENT.EVENT_SELECT", offset: 17, octets: 1, bits: "0-3 EVENT_CODE 4 SELF_READ_FLAG 5 DEMAND_RESET_FLAG" },
  { table: 4, path: "PENDING_TABLES[0].TABLE_SELECT", offset: 23, octets: 2, bits: "0-10 TBL_PROC_NBR 11 STD_VS_MFG 12 PENDING_FLAG 13 FLAG1 14 FLAG2 15 FLAG3" },
  { table: 7, path: "PROC", offset: 0, octets: 2, bits: tableIdB },
  { table: 8, path: "PROC", offset: 0, octets: 2, bits: tableIdB },
  { table: 11, path: "SOURCE_FLAGS", offset: 0, octets: 1, bits: numbered("PF_EXCLUDE RESET_EXCLUDE BLOCK_DEMAND SLIDING_DEMAND THERMAL_DEMAND SET1_PRESENT SET2_PRESENT CONVERSION_ALG") },
  {
    table: 12, path: "UOM_ENTRY[0]", offset: 0, octets: 4,
    bits: "0-7 ID_CODE 8-10 TIME_BASE 11-13 MULTIPLIER 14 Q1_ACCOUNTABILITY 15 Q2_ACCOUNTABILITY 16 Q3_ACCOUNTABILITY 17 Q4_ACCOUNTABILITY 18 NET_FLOW 19-21 SEGMENTATION 22 HARMONIC 23-27 ID_RESOURCE 31 NFS",
  },
  { table: 15, path: "SELECTION[0].SET1_CONSTANTS.SET_FLAGS", offset: 8, octets: 1, bits: "0 SET_APPLIED_FLAG" },
  { table: 16, path: "SOURCES_LINK[0]", offset: 0, octets: 1, bits: numbered("UOM_ENTRY_FLAG DEMAND_CTRL_FLAG DATA_CTRL_FLAG CONSTANTS_FLAG PULSE_ENGR_FLAG CONSTANT_TO_BE_APPLIED") },
  { table: 21, path: "REG_FUNC1", offset: 0, octets: 1, bits: numbered("SEASON_INFO_FIELD DATE_TIME_FIELD DEMAND_RESET_CTR DEMAND_RESET_LOCK CUM_DEMAND CONT_CUM_DEMAND TIME_REMAINING") },
  { table: 21, path: "REG_FUNC2", offset: 1, octets: 1, bits: "0 SELF_READ_INHIBIT_OVERFLOW 1 SELF_READ_SEQ_NBR 2 DAILY_SELF_READ 3 WEEKLY_SELF_READ 4-5 SELF_READ_DEMAND_RESET" },
  { table: 26, path: "LIST_STATUS", offset: 0, octets: 1, bits: list },
  { table: 31, path: "DISPLAY_CTRL", offset: 0, octets: 1, bits: numbered("ON_TIME_FLAG OFF_TIME_FLAG HOLD_TIME_FLAG") },
  { table: 33, path: "PRI_DISP_LIST[0].ON_OFF", offset: 0, octets: 1, bits: "0-3 ON_TIME 4-7 OFF_TIME" },
  { table: 33, path: "PRI_DISP_LIST[0].HOLD_DEFAULT", offset: 1, octets: 1, bits: "0-3 HOLD_TIME 4-7 DEFAULT_LIST" },
  { table: 42, path: "SECURITY_ENTRIES[0].ACCESS_PERMISSIONS", offset: 2, octets: 1, bits: groups },
  { table: 44, path: "ACCESS_CONTROL[0].ACCESS_TABLE_DEF", offset: 0, octets: 2, bits: "0-10 TBL_PROC_NBR 11 STD_VS_MFG 12 PROC_FLAG 13 FLAG1 14 FLAG2 15 FLAG3" },
  { table: 44, path: "ACCESS_CONTROL[0].READ", offset: 2, octets: 1, bits: groups },
  { table: 51, path: "TIME_FUNC_FLAG1", offset: 0, octets: 1, bits: numbered("TOU_SELF_READ SEASON_SELF_READ SEASON_DEMAND_RESET SEASON_CHNG_ARMED SORT_DATES ANCHOR_DATE") },
  { table: 51, path: "TIME_FUNC_FLAG2", offset: 1, octets: 1, bits: numbered("CAP_DST_AUTO SEPARATE_WEEKDAYS SEPARATE_SUM_DEMANDS SORT_TIER_SWITCHES CAP_TM_ZN_OFFSET") },
  { table: 51, path: "CALENDAR_FUNC", offset: 2, octets: 1, bits: "0-3 NBR_SEASONS 4-7 NBR_SPECIAL_SCHED" },
  { table: 52, path: "TIME_DATE_QUAL", offset: 6, octets: 1, bits: "0-2 DAY_OF_WEEK 3 DST_FLAG 4 GMT_FLAG 5 TM_ZN_APPLIED_FLAG 6 DST_APPLIED_FLAG 7 DST_SUPPORTED_FLAG" },
  // An anchor date, then a date and its action, a recurring date and its action, a switch.
  { table: 54, path: "NON_RECURR_DATES[0].CALENDAR_ACTION", offset: 4, octets: 1, bits: "0-4 CALENDAR_CTRL 5 DEMAND_RESET_FLAG 6 SELF_READ_FLAG" },
  { table: 54, path: "RECURR_DATES[0].RECURR_DATE", offset: 5, octets: 2, bits: "0-3 MONTH 4-7 OFFSET 8-10 WEEKDAY 11-15 DAY" },
  { table: 54, path: "TIER_SWITCHES[0].TIER_SWITCH", offset: 8, octets: 2, bits: "0-2 NEW_TIER 3 SUMMATION_SWITCH_FLAG 4 DEMANDS_SWITCH_FLAG 5-10 SWITCH_MIN 11-15 SWITCH_HOUR" },
  { table: 55, path: "STATUS", offset: 7, octets: 2, bits: "0-2 CURR_SUMM_TIER 3-5 CURR_DEMAND_TIER 6-7 TIER_DRIVE 8-11 SPECIAL_SCHD_ACTIVE 12-15 SEASON" },
  {
    table: 61, path: "LP_FLAGS", offset: 4, octets: 2,
    bits: numbered("LP_SET1_INHIBIT_OVF_FLAG LP_SET2_INHIBIT_OVF_FLAG LP_SET3_INHIBIT_OVF_FLAG LP_SET4_INHIBIT_OVF_FLAG BLK_END_READ_FLAG BLK_END_PULSE_FLAG SCALAR_DIVISOR_FLAG_SET1 SCALAR_DIVISOR_FLAG_SET2 SCALAR_DIVISOR_FLAG_SET3 SCALAR_DIVISOR_FLAG_SET4 EXTENDED_INT_STATUS_FLAG SIMPLE_INT_STATUS_FLAG BLK_END_RD_INDICATOR"),
  },
  { table: 61, path: "LP_FMATS", offset: 6, octets: 1, bits: numbered("INV_UINT8_FLAG INV_UINT16_FLAG INV_UINT32_FLAG INV_INT8_FLAG INV_INT16_FLAG INV_INT32_FLAG INV_NI_FMAT1_FLAG INV_NI_FMAT2_FLAG") },
  { table: 62, path: "LP_SEL_SET1[0].CHNL_FLAG", offset: 0, octets: 1, bits: "0 END_RDG_FLAG" },
  { table: 63, path: "LP_STATUS_SET1.LP_SET_STATUS_FLAGS", offset: 0, octets: 1, bits: numbered("ORDER OVERFLOW_FLAG LIST_TYPE BLOCK_INHIBIT_OVERFLOW_FLAG INTERVAL_ORDER ACTIVE_MODE_FLAG TEST_MODE") },
  { table: 71, path: "LOG_FLAGS", offset: 0, octets: 1, bits: numbered("EVENT_NUMBER_FLAG HIST_DATE_TIME_FLAG HIST_SEQ_NBR_FLAG HIST_INHIBIT_OVF_FLAG EVENT_INHIBIT_OVF_FLAG") },
  { table: 74, path: "HIST_FLAGS", offset: 0, octets: 1, bits: list },
  { table: 76, path: "EVENT_FLAGS", offset: 0, octets: 1, bits: list },
];

const procedureBits: readonly (readonly [procedure: number, field: string, octets: string, bits: string])[] = [
  [6, "ED_MODE", "", modes],
  [9, "ACTION", "", "0 DEMAND_RESET 1 SELF_READ 2 SEASON_CHANGE 3-6 NEW_SEASON"],
  // A date and time of six octets and its qualifiers follow.
  [10, "SET_MASK", "00".repeat(7), "0 SET_TIME_FLAG 1 SET_DATE_FLAG 2 SET_TIME_DATE_QUAL"],
];

/** `0-2 A 3 B` as names with the integer in which their bits alone are set, and the value that they then have. */
function subFields(bits: string): { readonly name: string; readonly integer: number; readonly value: FieldValue; readonly zero: FieldValue }[] {
  return [...bits.matchAll(/(\d+)(?:-(\d+))? (\w+)/g)].map(([, first = "", last, name = ""]) => {
    const largest = 2 ** (Number(last ?? first) - Number(first) + 1) - 1;
    return { name, integer: largest * 2 ** Number(first), value: last === undefined ? true : largest, zero: last === undefined ? false : 0 };
  });
}

/** For each sub-field: the integer, and the bit field's value. */
function alone(bits: string): { readonly integer: number; readonly value: FieldValue }[] {
  const all = subFields(bits);
  return all.map(({ name, integer, value }) => ({ integer, value: Object.fromEntries(all.map((other) => [other.name, other.name === name ? value : other.zero])) }));
}

/** The part of a tree at a path. */
function at(tree: FieldValue, path: string): unknown {
  return path.split(/[.[]/).reduce((inner: unknown, step) => (inner as { readonly [key: string]: unknown })[step.replace("]", "")], tree);
}

function imagesOf(order: DataOrder): Map<number, Uint8Array> {
  return new Map([[0, octetsIn(generalOctets(controlsByOrder[order]), order)], ...dimensionVectors.map(({ table, octets }) => [table, octetsIn(octets, order)] as const)]);
}

describe.each(["least first", "most first"] as const)("%s", (order) => {
  const { context, slow } = new BothCodecs(imagesOf(order));

  test.each(bitFields)("[TDL-1] table $table, $path: each sub-field has its bits and no others", ({ table, path, offset, octets, bits }) => {
    for (const { integer, value } of alone(bits)) {
      const image = new Uint8Array(context.layout(table).size);
      image.set(octetsIn(`<${integer.toString(16).padStart(2 * octets, "0")}>`, order), offset);
      for (const tree of [context.decode(table, image).tree(), slow.decode(table, image)]) {
        expect(at(tree, path)).toEqual(value);
        expect(toHex(context.encode(table, tree))).toBe(toHex(image));
        expect(toHex(slow.encode(table, tree))).toBe(toHex(image));
      }
    }
  });

  test.each(procedureBits)("[TDL-1] parameters of procedure %i, %s: each sub-field has its bits and no others", (procedure, field, rest, bits) => {
    for (const { integer, value } of alone(bits)) {
      const octets = integer.toString(16).padStart(2, "0") + rest;
      const tree = context.decodeParameters(procedure, fromHex(octets)).tree();
      expect(at(tree, field)).toEqual(value);
      expect(toHex(context.encodeParameters(procedure, tree))).toBe(octets);
    }
  });

  test("[TDL-1] table 0: the codes of the formats lie in their bits", () => {
    // The data order, 5 in bits 1-3, 7 in 4-6; 4 in bits 0-2, 3 in 3-4, 1 in bit 5, 2 in 6-7; 13 in bits 0-3, 12 in 4-7.
    const image = octetsIn(generalOctets(`${order === "least first" ? "7a" : "7b"} bc cd`), order);
    const formats = new BothCodecs(new Map([[0, image]]));
    for (const tree of [formats.context.decode(0, image).tree(), formats.slow.decode(0, image)]) {
      expect(tree).toMatchObject({
        FORMAT_CONTROL_1: { DATA_ORDER: order === "least first" ? 0 : 1, CHAR_FORMAT: 5, MODEL_SELECT: 7 },
        FORMAT_CONTROL_2: { TM_FORMAT: 4, DATA_ACCESS_METHOD: 3, ID_FORM: 1, INT_FORMAT: 2 }, FORMAT_CONTROL_3: { NI_FORMAT1: 13, NI_FORMAT2: 12 },
      });
    }
  });
});
