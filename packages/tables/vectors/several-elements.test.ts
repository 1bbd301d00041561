import { describe, expect, test } from "vitest";
import type { FieldValue } from "../field-value.ts";
import { agreed, BothCodecs } from "./both-codecs.ts";
import { flags, octetsIn } from "./notation.ts";

/**
 * A meter of the first edition with several of everything and few optional fields: what the vectors of one element each do not show. Octets and values come from the same
 * hand-made lists, in the order that the facts on each table give.
 */
const general = [
  // Electric; sizes: 10 octets of standard tables, nothing else.
  '"MSMT"4 02 00 18 10 01 00 0a 00*5',
  // Tables 0 | 11 13 15 | 21 22 23 | 28 | - | 41 42 | 51 54 | 61 62 63 | 64 66 71 | 74 76; none is writable.
  "01 a8 e0 10 00 06 48 e0 85 14 00*10",
].join(" ");
const dimensions = [
  // SLIDING_DEMAND and SET2_PRESENT: 8 + 64; 2 demand controls, 2 electric constants.
  [11, "48 00 02 00 00 02 02 00"],
  // DATE_TIME_FIELD; 2 summations, 9 demands, 2 coincident values, 2 occurrences, 2 tiers, 2 present demands, 3 present values.
  [21, "02 00 00 02 09 02 02 02 02 03"],
  [41, "03 03 00 00 <0000>"],
  // 3 seasons and 2 special schedules << 4; 2 dates, no recurring ones, 3 switches.
  [51, "00 00 23 02 00 <0003> <001e>"],
  // End readings (4), scalars of set 3 (8), extended (10) and simple (11) status; UINT8 and INT16. Set 1: 2 blocks of 9 intervals of 3 channels; set 3: 1 of 2 of 2.
  [61, "<00010000> <0d10> 11 <0002> <0009> 03 0f <0001> <0002> 02 1e"],
  [62, "000102 010304 000506 01 000708 01090a 10 <0002> <0003> <0004> <0005>"],
  // Nine octets in the first edition: no arguments of history, two octets for events, two entries each.
  [71, "00 02 00 00 02 <0002> <0002>"],
] as const;

const u32 = (value: number): string => `<${value.toString(16).padStart(8, "0")}>`;
const list = <Item>(count: number, item: (index: number) => Item): Item[] => Array.from({ length: count }, (_, index) => item(index));

/** Registers of one block, counted up from `first`: 2 summations, 9 demands with 2 times and 2 values, 2 coincident values twice. */
function block(first: number): { octets: string; value: FieldValue } {
  const demand = (at: number): number => first + 100 + 10 * at;
  const coincident = (at: number): number => first + 300 + 10 * at;
  return {
    octets: [
      u32(first), u32(first + 1),
      ...list(9, (at) => `1a01${(at + 1).toString(16).padStart(2, "0")}0000 1a02010000 ${u32(demand(at))} ${u32(demand(at) + 1)}`),
      ...list(2, (at) => `${u32(coincident(at))} ${u32(coincident(at) + 1)}`),
    ].join(" "),
    value: {
      SUMMATIONS: [first, first + 1],
      DEMANDS: list(9, (at) => ({ EVENT_TIME: [`2026-01-0${at + 1}T00:00`, "2026-02-01T00:00"], DEMAND: [demand(at), demand(at) + 1] })),
      COINCIDENTS: list(2, (at) => ({ COINCIDENT_VALUES: [coincident(at), coincident(at) + 1] })),
    },
  };
}

/** A block of set 1: its end, three readings, the status of nine intervals in two octets, then each interval's two octets of extended status and three values. */
function profileBlock(day: number): { octets: string; value: FieldValue } {
  return {
    octets: `1a01${day.toString(16).padStart(2, "0")}0000 ${u32(day)} ${u32(day + 1)} ${u32(day + 2)} 0101 ${list(9, (at) => `2${at} 03 ${[0, 1, 2].map((channel) => (16 * channel + at).toString(16).padStart(2, "0")).join("")}`).join(" ")}`,
    value: {
      BLK_END_TIME: `2026-01-0${day}T00:00`, END_READINGS: list(3, (channel) => ({ BLK_END_READ: day + channel })), SIMPLE_INT_STATUS: [0, 8],
      LP_INT: list(9, (at) => ({ EXTENDED_INT_STATUS: [32 + at, 3], INT_DATA: [at, 16 + at, 32 + at] })),
    },
  };
}

const channel = (end: boolean, source: number, endSource: number): FieldValue => ({ CHNL_FLAG: { END_RDG_FLAG: end }, LP_SOURCE_SELECT: source, END_BLK_RDG_SOURCE_SELECT: endSource });
const groups = (...set: number[]): FieldValue => flags(list(8, (group) => `GROUP_PERM_FLAG_${group}`).join(" "), set.map((group) => `GROUP_PERM_FLAG_${group}`).join(" "));
const action = (control: number, set = ""): FieldValue => ({ CALENDAR_CTRL: control, ...flags("DEMAND_RESET_FLAG SELF_READ_FLAG", set) });
const tierSwitch = (tier: number, hour: number, minute: number, day: number): FieldValue => ({ TIER_SWITCH: { NEW_TIER: tier, SWITCH_MIN: minute, SWITCH_HOUR: hour }, DAY_SCH_NUM: day });
const schedules = (saturday: number, sunday: number, weekday: number, ...special: number[]): FieldValue => ({
  SATURDAY_SCHEDULE: saturday, SUNDAY_SCHEDULE: sunday, WEEKDAY_SCHEDULE: weekday, SPECIAL_SCHEDULE: special,
});
const constants = (multiplier: number, offset: number, first: number, second: number): FieldValue => ({
  MULTIPLIER: multiplier, OFFSET: offset, SET2_CONSTANTS: { SET_FLAGS: { SET_APPLIED_FLAG: true }, RATIO_F1: first, RATIO_P1: second },
});
const listFlags = (set: string): FieldValue => flags("ORDER OVERFLOW_FLAG LIST_TYPE INHIBIT_OVERFLOW_FLAG", set);
const profileFlags = (set: string): FieldValue => flags("ORDER OVERFLOW_FLAG LIST_TYPE BLOCK_INHIBIT_OVERFLOW_FLAG INTERVAL_ORDER ACTIVE_MODE_FLAG TEST_MODE", set);
const code = (number: number, manufacturer: boolean, selector: number): FieldValue => ({ TBL_PROC_NBR: number, STD_VS_MFG: manufacturer, SELECTOR: selector });
const [total, firstTier, secondTier] = [block(1_000), block(2_000), block(3_000)];

// Bits: dates 26 + 1 × 128 + 1 × 2,048 = 0x089A, 26 + 12 × 128 + 25 × 2,048 = 0xCE1A; switches 1 + 6 × 2,048, 2 + 15 × 32 + 13 × 2,048, 22 × 2,048.
const vectors: readonly (readonly [table: number, octets: string, value: FieldValue])[] = [
  [13, "05 03 0f 01", { INTERVAL_VALUE: [{ SUB_INT: 5, INT_MULTIPLIER: 3 }, { SUB_INT: 15, INT_MULTIPLIER: 1 }] }],
  [15, `${u32(7)} ${u32(8)} 01 ${u32(9)} ${u32(10)} ${u32(17)} ${u32(18)} 01 ${u32(19)} ${u32(20)}`, { SELECTION: [constants(7, 8, 9, 10), constants(17, 18, 19, 20)] }],
  // Of nine demands, 0, 7 and 8 are maxima: 0x81, 0x01.
  [22, "0001 02030405060708090a 8101 0b0c 0008", { SUMMATION_SELECT: [0, 1], DEMAND_SELECT: list(9, (at) => at + 2), MIN_OR_MAX_FLAGS: [0, 7, 8], COINCIDENT_SELECT: [11, 12], COIN_DEMAND_ASSOC: [0, 8] }],
  [23, `${total.octets} ${firstTier.octets} ${secondTier.octets}`, { TOT_DATA_BLOCK: total.value, TIER_DATA_BLOCK: [firstTier.value, secondTier.value] }],
  [28, list(5, (at) => u32(at + 1)).join(" "), { PRESENT_DEMAND: [{ DEMAND_VALUE: 1 }, { DEMAND_VALUE: 2 }], PRESENT_VALUE: [3, 4, 5] }],
  [42, "010203 01 040506 80 070809 00", { SECURITY_ENTRIES: [{ PASSWORD: "010203", ACCESS_PERMISSIONS: groups(0) }, { PASSWORD: "040506", ACCESS_PERMISSIONS: groups(7) }, { PASSWORD: "070809", ACCESS_PERMISSIONS: groups() }] }],
  [54, "<089a> 13 <ce1a> 54 <3001> 00 <69e2> 01 <b000> 02 0001020304 0506070809 0a0b0c0d0e", {
    NON_RECURR_DATES: [{ NON_RECURR_DATE: "2026-01-01", CALENDAR_ACTION: action(19) }, { NON_RECURR_DATE: "2026-12-25", CALENDAR_ACTION: action(20, "SELF_READ_FLAG") }],
    RECURR_DATES: [],
    TIER_SWITCHES: [tierSwitch(1, 6, 0, 0), tierSwitch(2, 13, 15, 1), tierSwitch(0, 22, 0, 2)],
    DAILY_SCHEDULE_ID_MATRIX: [schedules(0, 1, 2, 3, 4), schedules(5, 6, 7, 8, 9), schedules(10, 11, 12, 13, 14)],
  }],
  [62, dimensions[5][1], {
    LP_SEL_SET1: [channel(false, 1, 2), channel(true, 3, 4), channel(false, 5, 6)], INT_FMT_CDE1: 1,
    LP_SEL_SET3: [channel(false, 7, 8), channel(true, 9, 10)], INT_FMT_CDE3: 16, SCALARS_SET3: [2, 3], DIVISOR_SET3: [4, 5],
  }],
  [63, "41 <0002> <0001> <00000102> <0002> <0009> 08 <0001> <0000> <00000003> <0000> <0001>", {
    LP_STATUS_SET1: { LP_SET_STATUS_FLAGS: profileFlags("ORDER TEST_MODE"), NBR_VALID_BLOCKS: 2, LAST_BLOCK_ELEMENT: 1, LAST_BLOCK_SEQ_NBR: 258, NBR_UNREAD_BLOCKS: 2, NBR_VALID_INT: 9 },
    LP_STATUS_SET3: { LP_SET_STATUS_FLAGS: profileFlags("BLOCK_INHIBIT_OVERFLOW_FLAG"), NBR_VALID_BLOCKS: 1, LAST_BLOCK_ELEMENT: 0, LAST_BLOCK_SEQ_NBR: 3, NBR_UNREAD_BLOCKS: 0, NBR_VALID_INT: 1 },
  }],
  [64, `${profileBlock(1).octets} ${profileBlock(2).octets}`, { LP_DATA_SET1: [profileBlock(1).value, profileBlock(2).value] }],
  // −2 and 258 in 16 bits, then 1 and −32,768.
  [66, `1a02010000 ${u32(5)} ${u32(6)} 02 1000 <fffe> <0102> 0002 <0001> <8000>`, {
    LP_DATA_SET3: [{
      BLK_END_TIME: "2026-02-01T00:00", END_READINGS: [{ BLK_END_READ: 5 }, { BLK_END_READ: 6 }], SIMPLE_INT_STATUS: [1],
      LP_INT: [{ EXTENDED_INT_STATUS: [16, 0], INT_DATA: [-2, 258] }, { EXTENDED_INT_STATUS: [0, 2], INT_DATA: [1, -32_768] }],
    }],
  }],
  // No time, no numbers, no argument: a user and a code each. Selector 1 is bit 12.
  [74, "06 <0002> <0001> <00000009> <0001> <0001> <0001> <0002> <180b>", {
    HIST_FLAGS: listFlags("OVERFLOW_FLAG LIST_TYPE"), NBR_VALID_ENTRIES: 2, LAST_ENTRY_ELEMENT: 1, LAST_ENTRY_SEQ_NBR: 9, NBR_UNREAD_ENTRIES: 1,
    ENTRIES: [{ USER_ID: 1, HISTORY_CODE: code(1, false, 0), HISTORY_ARGUMENT: "" }, { USER_ID: 2, HISTORY_CODE: code(11, true, 1), HISTORY_ARGUMENT: "" }],
  }],
  [76, "00 <0002> <0001> <00000009> <0000> 1a0101000000 <0008> <0001> <0002> beef 1a0101000001 <0009> <0000> <0001> 0102", {
    EVENT_FLAGS: listFlags(""), NBR_VALID_ENTRIES: 2, LAST_ENTRY_ELEMENT: 1, LAST_ENTRY_SEQ_NBR: 9, NBR_UNREAD_ENTRIES: 0,
    ENTRIES: [
      { EVENT_TIME: "2026-01-01T00:00:00", EVENT_SEQ_NBR: 8, USER_ID: 1, EVENT_CODE: code(2, false, 0), EVENT_ARGUMENT: "beef" },
      { EVENT_TIME: "2026-01-01T00:00:01", EVENT_SEQ_NBR: 9, USER_ID: 0, EVENT_CODE: code(1, false, 0), EVENT_ARGUMENT: "0102" },
    ],
  }],
];

describe.each(["least first", "most first"] as const)("%s", (order) => {
  const controls = order === "least first" ? "02 0a 88" : "03 0a 88";
  const images = new Map<number, Uint8Array>([[0, octetsIn(`${controls} ${general}`, order)], ...dimensions.map(([table, octets]) => [table, octetsIn(octets, order)] as const)]);
  const codecs = new BothCodecs(images);

  test("[TDL-1] table 0 lists what was put into it by hand", () => {
    expect(codecs.context.decode(0, images.get(0)!).get("STD_TBLS_USED")).toEqual([0, 11, 13, 15, 21, 22, 23, 28, 41, 42, 51, 54, 61, 62, 63, 64, 66, 71, 74, 76]);
  });

  test.each(vectors)("[TDL-1] several elements: the octets of table %i are the value, and the value the octets, in both codecs", (table, octets, value) => {
    const image = octetsIn(octets, order);
    expect(codecs.of(table, image, value)).toEqual(agreed(image, value));
  });
});
