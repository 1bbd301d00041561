import { describe, expect, test } from "vitest";
import { standardDefinitions } from "../definitions/standard.generated.ts";
import type { FieldValue } from "../field-value.ts";
import { BothCodecs } from "./both-codecs.ts";
import { controlsByOrder, dimensionVectors, generalOctets } from "./dimension-vectors.ts";
import { octetsIn } from "./notation.ts";

/**
 * A meter whose counts all differ, with forms of NI_FMAT1 and NI_FMAT2 of different widths (INT24: 3 octets, INT64: 8), and no optional field. Sizes are worked out by hand
 * from the public facts. Each option is then taken alone: what takes its condition or its count from the wrong place has the wrong size.
 */
const controls = "02 0a b7";
/** Sizes of the sets of table 0, its pending tables; the tables that it lists are all of 0 to 79 but for those named. */
function general(format = controls, without: readonly number[] = []): string {
  const listed = new Uint8Array(10).fill(0xff);
  for (const table of without) listed[table >> 3]! &= ~(1 << (table & 7));
  const sets = [...listed].map((octet) => octet.toString(16).padStart(2, "0")).join("");
  return `${format} 00*4 02 00 17 1d 01 00 0a 01 02 03 04 06 ${sets} 00*17`;
}

/** Names, counts and widths of the fields after the flags, in the order of each limiting table. */
type Counts = readonly (readonly [name: string, value: number, octets: 1 | 2])[];
const octetsOf = (counts: Counts): string => counts.map(([, value, octets]) => `<${value.toString(16).padStart(2 * octets, "0")}>`).join(" ");
const ones = (pairs: string): Counts => [...pairs.matchAll(/(\w+) (\d+)/g)].map(([, name = "", value]) => [name, Number(value), 1]);

const sources = ones("NBR_UOM_ENTRIES 2 NBR_DEMAND_CTRL_ENTRIES 3 DATA_CTRL_LENGTH 5 NBR_DATA_CTRL_ENTRIES 7 NBR_CONSTANTS_ENTRIES 11 CONSTANTS_SELECTOR 2 NBR_SOURCES 13");
const registers = ones("NBR_SELF_READS 2 NBR_SUMMATIONS 3 NBR_DEMANDS 5 NBR_COIN_VALUES 7 NBR_OCCUR 11 NBR_TIERS 13 NBR_PRESENT_DEMANDS 17 NBR_PRESENT_VALUES 19");
const display: Counts = [["NBR_DISP_SOURCES", 2, 2], ["WIDTH_DISP_SOURCES", 3, 1], ["NBR_PRI_DISP_LIST_ITEMS", 5, 2], ["NBR_PRI_DISP_LISTS", 7, 1], ["NBR_SEC_DISP_LIST_ITEMS", 11, 2], ["NBR_SEC_DISP_LISTS", 13, 1]];
const security: Counts = [...ones("NBR_PASSWORDS 2 PASSWORD_LEN 3 NBR_KEYS 5 KEY_LEN 7"), ["NBR_PERM_USED", 11, 2]];
const calendar: Counts = [...ones("NBR_NON_RECURR_DATES 5 NBR_RECURR_DATES 7"), ["NBR_TIER_SWITCHES", 11, 2], ["CALENDAR_TBL_SIZE", 81, 2]];
const logs: Counts = [...ones("NBR_STD_EVENTS 2 NBR_MFG_EVENTS 3 HIST_DATA_LENGTH 5 EVENT_DATA_LENGTH 7"), ["NBR_HISTORY_ENTRIES", 11, 2], ["NBR_EVENT_ENTRIES", 13, 2]];
/** Blocks, intervals, channels and minutes of the four sets. */
const sets = [[2, 3, 5, 15], [3, 5, 7, 30], [5, 7, 11, 60], [7, 11, 13, 5]] as const;
const setCounts = (set: number): Counts => {
  const [blocks, intervals, channels, minutes] = sets[set - 1]!;
  return [[`NBR_BLKS_SET${set}`, blocks, 2], [`NBR_BLK_INTS_SET${set}`, intervals, 2], [`NBR_CHNS_SET${set}`, channels, 1], [`MAX_INT_TIME_SET${set}`, minutes, 1]];
};

interface Options {
  /** Flags of a table: what stands in place of the zeros in front of its counts. */
  readonly flags?: Readonly<Record<number, string>>;
  /** INT_FMT_CDE of each set, and whether it has scalars and divisors. */
  readonly form?: number;
  readonly scalars?: readonly boolean[];
  readonly format?: string;
  /** The sets that table 0 lists. */
  readonly listed?: readonly number[];
}

function meter({ flags = {}, form = 1, scalars = [], format, listed = [1, 2, 3, 4] }: Options = {}): BothCodecs {
  const without = [1, 2, 3, 4].filter((set) => !listed.includes(set)).map((set) => 63 + set);
  const control = listed.map((set) => {
    const channels = sets[set - 1]![2];
    return `00*${3 * channels} ${form.toString(16).padStart(2, "0")} ${scalars[set - 1] ? `00*${4 * channels}` : ""}`;
  });
  const images: Readonly<Record<number, string>> = {
    0: general(format, without),
    11: `${flags[11] ?? "00"} ${octetsOf(sources)}`,
    21: `${flags[21] ?? "00 00"} ${octetsOf(registers)}`,
    31: `${flags[31] ?? "00"} ${octetsOf(display)}`,
    41: octetsOf(security),
    // Two seasons and three special schedules << 4.
    51: `${flags[51] ?? "00 00"} 32 ${octetsOf(calendar)}`,
    61: `00*4 ${flags[61] ?? "<0000>"} 00 ${listed.map((set) => octetsOf(setCounts(set))).join(" ")}`,
    62: control.join(" "),
    71: `${flags[71] ?? "00"} ${octetsOf(logs)}`,
  };
  return new BothCodecs(new Map(Object.entries(images).map(([table, octets]) => [Number(table), octetsIn(octets, "least first")])));
}

const block = 3 * 3 + 5 * 11 * 8 + 7 * 11 * 8;
const base: Readonly<Record<number, number>> = {
  // 19 octets; sets of 10, 1, 2, 3, 10 and 1.
  0: 19 + 27, 1: 32, 2: 33, 3: 1 + 2 + 1 + 4, 4: 10 + 1 + 5 + 1 + 6 * 8, 5: 20, 6: 230, 7: 3 + 23, 8: 4 + 29,
  12: 2 * 4, 13: 3 * 2, 14: 7 * 5, 15: 11 * 2 * 3, 16: 13,
  22: 3 + 5 + 1 + 7 + 7, 23: 14 * block, 24: 14 * block, 25: 14 * block, 26: 6 + 2 * 14 * block, 27: 17 + 19, 28: 17 * 8 + 19 * 3,
  33: 7 * 3 + 5 * 2, 42: 2 * (3 + 1), 43: 8, 44: 11 * 4, 45: 5 * 7,
  52: 7, 53: 3 + 1, 54: 5 * 3 + 7 * 3 + 11 * 3 + 2 * (3 + 3), 55: 9, 56: 3,
  61: 7 + 4 * 6, 62: 4 + 3 * (5 + 7 + 11 + 13), 63: 4 * 13, 64: 2 * (5 + 3 * 5), 65: 3 * (5 + 5 * 7), 66: 5 * (5 + 7 * 11), 67: 7 * (5 + 11 * 13),
  71: 9, 72: 2 + 3, 73: 2 + 3 + 10 + 1 + 2 + 3, 74: 11 + 11 * (2 + 2 + 5), 75: 21, 76: 11 + 13 * (6 + 2 + 2 + 2 + 7),
};

/** The tables that differ in size from those of the plain meter, with the octets that they have more. */
function grown(options: Options): Record<number, number> {
  const { context } = meter(options);
  return Object.fromEntries(Object.entries(base).map(([table, size]) => [Number(table), context.layout(Number(table)).size - size] as const).filter(([, more]) => more !== 0));
}

test("[TDL-1] every table has the size that its counts give", () => {
  expect(grown({})).toEqual({});
  const named = [...Object.keys(base).map(Number), 10, 11, 20, 21, 30, 31, 40, 41, 50, 51, 60, 70].sort((a, b) => a - b);
  expect([...standardDefinitions.tables.keys()].sort((a, b) => a - b)).toEqual(named);
});

test.each([[11, sources], [21, registers], [31, display], [41, security], [51, calendar], [61, [1, 2, 3, 4].flatMap(setCounts)], [71, logs]] as const)("[TDL-1] the counts of table %i have their names, in both codecs", (table, counts) => {
  const { context, slow } = meter();
  const image = octetsIn(`${{ 11: "00", 21: "00 00", 31: "00", 41: "", 51: "00 00 32", 61: "00*7", 71: "00" }[table]} ${octetsOf(counts)}`, "least first");
  const expected = Object.fromEntries(counts.map(([name, value]) => [name, value]));
  expect(context.decode(table, image).tree()).toMatchObject(expected);
  expect(slow.decode(table, image)).toMatchObject(expected);
});

const intervals = [2 * 3, 3 * 5, 5 * 7, 7 * 11] as const;
const perSet = (octets: (set: number) => number): Record<number, number> => Object.fromEntries(sets.map((_, set) => [64 + set, octets(set)]));
const channelsInAll = perSet((set) => sets[set]![0] * sets[set]![2]);

test.each<readonly [about: string, options: Options, more: Readonly<Record<number, number>>]>([
  ["PF_EXCLUDE", { flags: { 11: "01" } }, { 13: 3 }],
  ["RESET_EXCLUDE", { flags: { 11: "02" } }, { 13: 1 }],
  ["BLOCK_DEMAND, SLIDING_DEMAND, THERMAL_DEMAND, CONVERSION_ALG", { flags: { 11: "9c" } }, {}],
  ["SET1_PRESENT", { flags: { 11: "20" } }, { 15: 11 * 7 }],
  ["SET2_PRESENT", { flags: { 11: "40" } }, { 15: 11 * 7 }],
  ["SEASON_INFO_FIELD", { flags: { 21: "01 00" } }, { 24: 1, 25: 1, 26: 2 }],
  ["DATE_TIME_FIELD", { flags: { 21: "02 00" } }, { 23: 14 * 5 * 11 * 5, 24: 14 * 5 * 11 * 5 + 5, 25: 14 * 5 * 11 * 5 + 5, 26: 2 * (14 * 5 * 11 * 5 + 5) }],
  ["DEMAND_RESET_CTR", { flags: { 21: "04 00" } }, { 23: 1, 24: 1, 25: 1, 26: 2 }],
  ["DEMAND_RESET_LOCK", { flags: { 21: "08 00" } }, {}],
  ["CUM_DEMAND", { flags: { 21: "10 00" } }, { 23: 14 * 15, 24: 14 * 15, 25: 14 * 15, 26: 28 * 15 }],
  ["CONT_CUM_DEMAND", { flags: { 21: "20 00" } }, { 23: 14 * 15, 24: 14 * 15, 25: 14 * 15, 26: 28 * 15 }],
  ["TIME_REMAINING", { flags: { 21: "40 00" } }, { 28: 17 * 3 }],
  ["SELF_READ_SEQ_NBR", { flags: { 21: "00 02" } }, { 26: 2 * 2 }],
  ["the other functions of self reads", { flags: { 21: "00 3d" } }, {}],
  ["times of the display", { flags: { 31: "07" } }, {}],
  ["ANCHOR_DATE", { flags: { 51: "20 00" } }, { 54: 2 }],
  ["the other functions of time", { flags: { 51: "1f 09" } }, {}],
  ["SEPARATE_WEEKDAYS", { flags: { 51: "00 02" } }, { 54: 2 * 4 }],
  ["SEPARATE_SUM_DEMANDS", { flags: { 51: "00 04" } }, { 56: 2 }],
  ["CAP_TM_ZN_OFFSET", { flags: { 51: "00 10" } }, { 53: 2 }],
  ["the overflow flags of sets, BLK_END_RD_INDICATOR", { flags: { 61: "<100f>" } }, {}],
  ["BLK_END_READ", { flags: { 61: "<0010>" } }, perSet((set) => 3 * channelsInAll[64 + set]!)],
  ["BLK_END_PULSE", { flags: { 61: "<0020>" } }, perSet((set) => 4 * channelsInAll[64 + set]!)],
  ...[1, 2, 3, 4].map((set) => {
    const flag = 2 ** (set + 5);
    return [`SCALAR_DIVISOR_FLAG_SET${set}`, { flags: { 61: `<${flag.toString(16).padStart(4, "0")}>` }, scalars: [1, 2, 3, 4].map((other) => other === set) }, { 62: 4 * sets[set - 1]![2] }] as const;
  }),
  ["EXTENDED_INT_STATUS: half an octet a channel and one more", { flags: { 61: "<0400>" } }, perSet((set) => intervals[set]! * [3, 4, 6, 7][set]!)],
  ["SIMPLE_INT_STATUS: a bit an interval", { flags: { 61: "<0800>" } }, perSet((set) => sets[set]![0] * [1, 1, 1, 2][set]!)],
  ...([[2, 2], [4, 4], [8, 1], [16, 2], [32, 4], [64, 3], [128, 8]] as const).map(([form, octets]) => [`INT_FMT_CDE ${form}`, { form }, octets === 1 ? {} : perSet((set) => intervals[set]! * sets[set]![2] * (octets - 1))] as const),
  ["EVENT_NUMBER", { flags: { 71: "01" } }, { 74: 11 * 2, 76: 13 * 2 }],
  ["HIST_DATE_TIME", { flags: { 71: "02" } }, { 74: 11 * 6 }],
  ["HIST_SEQ_NBR", { flags: { 71: "04" } }, { 74: 11 * 2 }],
  ["HIST_INHIBIT_OVF, EVENT_INHIBIT_OVF", { flags: { 71: "18" } }, {}],
  ["ID_FORM: identification in BCD", { format: "02 2a b7" }, { 1: -8, 5: -10, 6: -5 * 10 }],
])("[TDL-1] %s alone", (_, options, more) => {
  expect(grown(options)).toEqual(more);
});

test("[TDL-1] where summations and demands have one tier, table 55 shows it in bits 0 to 2", () => {
  expect(meter().context.decode(55, octetsIn("00*7 <0007>", "least first")).get("STATUS")).toEqual({ CURR_TIER: 7, TIER_DRIVE: 0, SPECIAL_SCHD_ACTIVE: 0, SEASON: 0 });
});

test.each([1, 2, 3, 4])("[TDL-1] scalars of set %i come before its divisors", (set) => {
  const { context } = meter({ listed: [set], flags: { 61: `<${(2 ** (set + 5)).toString(16).padStart(4, "0")}>` }, scalars: [1, 2, 3, 4].map((other) => other === set) });
  const channels = sets[set - 1]![2];
  const table = context.decode(62, octetsIn(`00*${3 * channels} 01 00*${2 * channels} ff*${2 * channels}`, "least first"));
  expect([table.get(`SCALARS_SET${set}`), table.get(`DIVISOR_SET${set}`)]).toEqual([Array(channels).fill(0), Array(channels).fill(0xffff)]);
});

test("[TDL-1] a sliding demand has a sub-interval and a multiplier in the place of its length", () => {
  const image = octetsIn("0102 0304 0506", "least first");
  expect(meter().context.decode(13, image).get("INTERVAL_VALUE[1].INT_LENGTH")).toBe(0x0403);
  for (const other of ["01", "20", "40"]) expect(meter({ flags: { 11: other } }).context.layout(13).find("INTERVAL_VALUE[1].SUB_INT")).toBeUndefined();
  expect(meter({ flags: { 11: "08" } }).context.decode(13, image).get("INTERVAL_VALUE[1]")).toEqual({ SUB_INT: 3, INT_MULTIPLIER: 4 });
});

test.each([1, 2, 3, 4])("[TDL-1] load profile set %i alone", (set) => {
  const { context } = meter({ listed: [set] });
  const channels = sets[set - 1]![2];
  expect([61, 62, 63].map((table) => context.layout(table).size)).toEqual([7 + 6, 3 * channels + 1, 13]);
  expect(context.layout(61).leaves.map(({ path }) => path).slice(-4)).toEqual(setCounts(set).map(([name]) => name));
  expect(context.layout(62).leaves.at(-1)?.path).toBe(`INT_FMT_CDE${set}`);
  expect(context.layout(63).leaves.at(-1)?.path).toBe(`LP_STATUS_SET${set}.NBR_VALID_INT`);
});

/** Every number of a tree with the name of its field. */
function* numbersIn(value: FieldValue, name = ""): Generator<[name: string, value: number | bigint]> {
  if (typeof value === "number" || typeof value === "bigint") yield [name, value];
  else if (Array.isArray(value)) for (const inner of value as readonly FieldValue[]) yield* numbersIn(inner, name);
  else if (typeof value === "object") for (const [field, inner] of Object.entries(value)) yield* numbersIn(inner, field);
}

describe("[TDL-1] with all bits set, what has a sign is −1 and nothing else is negative, in both codecs", () => {
  const items = ["SUMMATIONS", "CUM_DEMAND", "CONT_CUM_DEMAND", "DEMAND", "COINCIDENT_VALUES", "DEMAND_VALUE", "PRESENT_VALUE", "MULTIPLIER", "OFFSET", "RATIO_F1", "RATIO_P1", "BLK_END_READ"];
  const all: Options = { flags: { 11: "ff", 21: "7f 3f", 51: "3f 1f", 61: "<1fff>", 71: "1f" }, scalars: [true, true, true, true] };
  test.each([1, 2, 4, 8, 16, 32, 64, 128])("INT_FMT_CDE %i", (form) => {
    const signed = new Set([...items, "TIME_ZONE_OFFSET", ...(form < 8 ? [] : ["INT_DATA"])]);
    const large = meter({ ...all, form });
    // Registers of all tiers are many: for them the meter with one element of each.
    const small = new BothCodecs(new Map([[0, octetsIn(generalOctets(controlsByOrder["least first"]), "least first")], ...dimensionVectors.map(({ table, octets }) => [table, octetsIn(octets, "least first")] as const)]));
    // Table 12 has a MULTIPLIER and table 54 an OFFSET of their own, in bit fields, which have no sign.
    const inBits = (table: number, name: string): boolean => (table === 12 && name === "MULTIPLIER") || (table === 54 && name === "OFFSET");
    const dimensions = [10, 20, 30, 40, 50, 60, 70];
    const wanted = [...Object.keys(base).map(Number).filter((number) => number !== 0), ...dimensions, ...dimensions.map((number) => number + 1)];
    for (const table of form === 1 ? wanted : [64, 65, 66, 67]) {
      for (const { context, slow } of table >= 23 && table <= 26 ? [small] : table < 64 ? [large, meter()] : [large]) {
        const image = new Uint8Array(context.layout(table).size).fill(0xff);
        for (const tree of [context.decode(table, image).tree(), slow.decode(table, image)]) {
          const wrong = [...numbersIn(tree)].filter(([name, value]) => (Number(value) === -1) !== (signed.has(name) && !inBits(table, name)) || Number(value) < -1);
          expect([...new Set(wrong.map(([name]) => name))], `table ${table}`).toEqual([]);
        }
      }
    }
  });
});

test("[TDL-1] what table 8 answers may be shorter than the meter has room for", () => {
  const { context } = meter();
  expect(context.decode(8, octetsIn("<000a> 01 00 beef", "least first")).get("RESP_DATA")).toBe("beef");
});

test("[TDL-1] table 6 in BCD: the five identifications in their order, in both codecs", () => {
  const codecs = meter({ format: "02 2a b7" });
  const names = ["SERVICE_POINT_ID", "ELEC_ADDR", "DEVICE_ID", "UTIL_SER_NO", "CUSTOMER_ID"];
  const image = octetsIn(`"OWNER"20 "NORTH"20 ${names.map((_, at) => `0${at + 1}*10`).join(" ")} 06*30 ""8 ""4 0708 ""4 090a ""10 ""30`, "least first");
  const expected = { OWNER_NAME: "OWNER", UTILITY_DIV: "NORTH", ...Object.fromEntries(names.map((name, at) => [name, `0${at + 1}`.repeat(10)])), COORDINATE_1: "06".repeat(10), EX2_SW_REVISION: 10 };
  expect(codecs.context.decode(6, image).tree()).toMatchObject(expected);
  expect(codecs.slow.decode(6, image)).toMatchObject(expected);
});
