import type { MeterModel } from "@metersmith/meter";
import type { FieldValue, TableId } from "@metersmith/tables";

const delivered = { Q1_ACCOUNTABILITY: true, Q4_ACCOUNTABILITY: true };
const received = { Q2_ACCOUNTABILITY: true, Q3_ACCOUNTABILITY: true };
const kilo = 2;
const [blockDemand, endOfList, unused] = [4, 31, 255];

const tierSwitches: readonly FieldValue[] = [
  { DAY_SCH_NUM: 0, TIER_SWITCH: { NEW_TIER: 1 } },
  { DAY_SCH_NUM: 1, TIER_SWITCH: { NEW_TIER: 1 } },
  { DAY_SCH_NUM: 1, TIER_SWITCH: { NEW_TIER: 0, SWITCH_HOUR: 15 } },
  { DAY_SCH_NUM: 1, TIER_SWITCH: { NEW_TIER: 1, SWITCH_HOUR: 20 } },
];

/** Weekdays 15:00–20:00 in summer are the peak; daylight saving of the United States in 2026. */
const calendar: FieldValue = {
  NON_RECURR_DATES: [
    { NON_RECURR_DATE: "2026-03-08", CALENDAR_ACTION: { CALENDAR_CTRL: 1 } },
    { NON_RECURR_DATE: "2026-07-03", CALENDAR_ACTION: { CALENDAR_CTRL: 19 } },
    { NON_RECURR_DATE: "2026-11-01", CALENDAR_ACTION: { CALENDAR_CTRL: 2 } },
    { CALENDAR_ACTION: { CALENDAR_CTRL: endOfList } },
  ],
  RECURR_DATES: [
    { RECURR_DATE: { MONTH: 5, DAY: 1 }, CALENDAR_ACTION: { CALENDAR_CTRL: 4 } },
    { RECURR_DATE: { MONTH: 11, DAY: 1 }, CALENDAR_ACTION: { CALENDAR_CTRL: 3 } },
    { CALENDAR_ACTION: { CALENDAR_CTRL: endOfList } },
  ],
  TIER_SWITCHES: Array.from({ length: 40 }, (_, index) => tierSwitches[index] ?? { DAY_SCH_NUM: unused }),
  DAILY_SCHEDULE_ID_MATRIX: [days(0), days(1), days(0), days(0)],
};

function days(weekday: number): FieldValue {
  return { SATURDAY_SCHEDULE: 0, SUNDAY_SCHEDULE: 0, WEEKDAY_SCHEDULE: weekday, SPECIAL_SCHEDULE: [0, 0] };
}

/** Two elements, sectionalizing, a load limit and three conditions: all that a meter can have to watch at once. */
const protection: FieldValue = {
  ELEMENTS: [{ CURVE: 2, RESET: 1, PICKUP: 135_000, DIAL: 8000 }, { CURVE: 7, PICKUP: 150_000, DIAL: 4000 }, { CURVE: 0 }],
  SECTIONALIZING: { SHOTS: 1, ACTUATING_CURRENT: 220_000, SENSING_TIME: 10, WINDOW: 100, CONFIRMING_TIME: 50, DEAD_TIME: 500, RESET_TIME: 30_000, INRUSH_FACTOR: 8000, INRUSH_TIME: 1000 },
  LOAD_LIMIT: { LIMIT: 120_000, EXCESS_TIME: 300_000, GRACE_TIME: 120_000, RELEASE_TIME: 60_000 },
  CONDITIONS: [
    { CONDITION: 1, ACTION: 2, THRESHOLD: 264_000, RELEASE: 256_000, PERSISTENCE: 2000 },
    { CONDITION: 2, ACTION: 0, THRESHOLD: 208_000, RELEASE: 216_000, PERSISTENCE: 10_000 },
    { CONDITION: 3, ACTION: 2, THRESHOLD: 90_000, RELEASE: 70_000, PERSISTENCE: 5000 },
    { CONDITION: 0 },
  ],
  RECLOSING: Array.from({ length: 7 }, () => ({})),
  SETTLED_TIME: 3_600_000,
};

const tables: readonly (readonly [TableId, FieldValue])[] = [
  [12, { UOM_ENTRY: [{ MULTIPLIER: kilo, ...delivered }, { MULTIPLIER: kilo, ...received }, { MULTIPLIER: kilo, TIME_BASE: blockDemand, ...delivered }] }],
  [13, { INTERVAL_VALUE: [{ INT_LENGTH: 15 }] }],
  [16, { SOURCES_LINK: [{ UOM_ENTRY_FLAG: true }, { UOM_ENTRY_FLAG: true }, { UOM_ENTRY_FLAG: true, DEMAND_CTRL_FLAG: true }] }],
  [22, { SUMMATION_SELECT: [0, 1], DEMAND_SELECT: [2], MIN_OR_MAX_FLAGS: [0] }],
  [53, { DST_TIME_EFF: "02:00:00", DST_TIME_AMT: 60, TIME_ZONE_OFFSET: -360 }],
  [54, calendar],
  [6, { TARIFF_ID: "BENCH" }],
  [2065, protection],
];

/** The tables of a time-of-use program for rx-2s and of its protection, as octets. */
export function benchProgram({ context }: MeterModel): readonly (readonly [TableId, Uint8Array])[] {
  return tables.map(([table, tree]) => [table, context.encode(table, tree)] as const);
}
