import { type FieldValue, type MeterContext, type TableId, withoutPad } from "@metersmith/tables";
import { noSource, sourcesOf, type PulseInput, type SelectedQuantity } from "../metrology/quantity.ts";
import type { TableMemory } from "../banks/table-memory.ts";
import { readCalendar, type CalendarReading } from "../time/calendar-reading.ts";
import { secondsOfDay } from "../time/civil-date.ts";
import type { TimeOffset } from "../time/meter-clock.ts";
import { TierCalendar } from "../time/tier-calendar.ts";
import { listIn, numberIn, textIn } from "../tree-access.ts";
import { configurationStatus, type ConfigurationStatus, type SelectionFact } from "./configuration-status.ts";

/** What a channel of the load profile records, by table 62. */
export interface ProfileChannel {
  readonly quantity: SelectedQuantity | undefined;
  /** Counts for one unit of the quantity. That the scalar multiplies and the divisor divides before a count is stored is unverified. */
  readonly countsPerUnit: number;
}

/** Table 13, what is before the intervals; 0 where the model has none of it. */
export interface DemandExclusions {
  /** After a demand reset another one is refused so long. */
  readonly resetMinutes: number;
  /** An outage counts from this length on; after it demand is left out so long. */
  readonly recognitionSeconds: number;
  readonly outageMinutes: number;
}

/** When the meter reads itself, by tables 21 and 51. */
export interface SelfReadSchedule {
  readonly daily: boolean;
  /** As a Sunday begins (ours: the standard does not name the day). */
  readonly weekly: boolean;
  /** With each demand reset: any code of SELF_READ_DEMAND_RESET but 0 (ours: the codes are unverified). */
  readonly atDemandReset: boolean;
  readonly atSeason: boolean;
  /** A new season resets demand. */
  readonly seasonResets: boolean;
}

/** What the stored tables mean to the running meter. */
export interface Configuration {
  readonly calendar: CalendarReading;
  readonly tiers: TierCalendar;
  readonly offset: TimeOffset;
  /** By position in table 22; undefined where a register counts nothing. */
  readonly summations: readonly (SelectedQuantity | undefined)[];
  readonly demands: readonly (SelectedQuantity | undefined)[];
  /** Of each demand: the lowest is kept, not the highest (MIN_OR_MAX_FLAGS). */
  readonly keepsLowest: readonly boolean[];
  /** Values at the time of the highest of a demand, by position in table 22. `demand`: which. */
  readonly coincidents: readonly { readonly quantity: SelectedQuantity | undefined; readonly demand: number }[];
  readonly exclusions: DemandExclusions;
  readonly selfReads: SelfReadSchedule;
  /** By channel of load profile set 1; empty where the model records none. */
  readonly channels: readonly ProfileChannel[];
  readonly status: ConfigurationStatus;
}

/** The tables that a configuration consists of: a write to any makes the meter read them all again. */
export const configurationTables: ReadonlySet<TableId> = new Set([6, 12, 13, 16, 22, 53, 54]);

/** Tables that a configuration is read from; of table 6 the tariff alone. */
export const configurationSources: readonly TableId[] = [12, 13, 16, 21, 22, 51, 53, 54, 61, 62];

/** The maker's table that says what a pulse stands for (fragments of the types that count pulses). Ours. */
const pulseTable = "PULSE_INPUT_TBL";

export function readConfiguration(context: MeterContext, stored: Pick<TableMemory, "image">): Configuration {
  const tree = (table: TableId): FieldValue => {
    const image = stored.image(table);
    return image ? context.decode(table, image).tree() : {};
  };
  const [dimensions, time, selection, timeOffset] = [tree(21), tree(51), tree(22), tree(53)];
  const sources = sourcesOf(context.definitions, tree(12), tree(13), tree(16), pulsesOf(context, tree));
  const calendar = readCalendar(tree(54), numberIn(time, "TIME_FUNC_FLAG2", "SEPARATE_SUM_DEMANDS") === 1);
  const chosen = (field: string): { quantity: SelectedQuantity | undefined; fact: SelectionFact }[] =>
    listIn(selection, field).map((value, index) => {
      const source = numberIn(value);
      const quantity = source === noSource ? undefined : sources[source];
      return { quantity, fact: { field: `table 22 ${field}[${index}]`, source: source === noSource ? "none" : source, measured: quantity !== undefined, intervalMinutes: quantity?.window?.minutes } };
    });
  const coincidents = chosen("COINCIDENT_SELECT").map(({ quantity }, place) => ({ quantity, demand: numberIn(listIn(selection, "COIN_DEMAND_ASSOC")[place]) }));
  const highest = new Set(listIn(selection, "MIN_OR_MAX_FLAGS").map((one) => numberIn(one)));
  const [summations, demands] = [chosen("SUMMATION_SELECT"), chosen("DEMAND_SELECT")];
  const offset: TimeOffset = {
    daylightAtSeconds: secondsIn(textIn(timeOffset, "DST_TIME_EFF")),
    daylightMinutes: numberIn(timeOffset, "DST_TIME_AMT"),
    zoneMinutes: numberIn(timeOffset, "TIME_ZONE_OFFSET"),
  };
  return {
    calendar, offset, coincidents,
    tiers: new TierCalendar(calendar),
    keepsLowest: demands.map((_, index) => !highest.has(index)),
    exclusions: exclusionsIn(tree(13)),
    selfReads: scheduleIn(dimensions, time),
    summations: summations.map(({ quantity }) => quantity),
    demands: demands.map(({ quantity }) => quantity),
    channels: channelsOf(tree(62), sources),
    status: configurationStatus({
      tariffId: withoutPad(textIn(tree(6), "TARIFF_ID")),
      calendar,
      tiers: numberIn(dimensions, "NBR_TIERS"),
      specials: numberIn(time, "CALENDAR_FUNC", "NBR_SPECIAL_SCHED"),
      daylightMinutes: offset.daylightMinutes,
      summations: summations.map(({ fact }) => fact),
      demands: demands.map(({ fact }) => fact),
    }),
  };
}

function pulsesOf(context: MeterContext, tree: (table: TableId) => FieldValue): PulseInput | undefined {
  const definition = context.definitions.tableNamed(pulseTable);
  if (!definition || !context.has(definition.number)) return undefined;
  const input = tree(definition.number);
  const given = (field: string): number | undefined => numberIn(input, field) || undefined;
  return { cubicMetres: given("PULSES_PER_CUBIC_METRE"), cubicFeet: given("PULSES_PER_CUBIC_FOOT") };
}

function exclusionsIn(demandControl: FieldValue): DemandExclusions {
  return { resetMinutes: numberIn(demandControl, "RESET_EXCLUSION"), recognitionSeconds: numberIn(demandControl, "P_FAIL_RECOGNTN_TM"), outageMinutes: numberIn(demandControl, "P_FAIL_EXCLUSION") };
}

function scheduleIn(registers: FieldValue, time: FieldValue): SelfReadSchedule {
  const flag = (name: string): boolean => numberIn(registers, "REG_FUNC2", name) !== 0;
  const ofTime = (name: string): boolean => numberIn(time, "TIME_FUNC_FLAG1", name) !== 0;
  return { daily: flag("DAILY_SELF_READ"), weekly: flag("WEEKLY_SELF_READ"), atDemandReset: flag("SELF_READ_DEMAND_RESET"), atSeason: ofTime("SEASON_SELF_READ"), seasonResets: ofTime("SEASON_DEMAND_RESET") };
}

function channelsOf(control: FieldValue, sources: readonly (SelectedQuantity | undefined)[]): ProfileChannel[] {
  const [scalars, divisors] = [listIn(control, "SCALARS_SET1"), listIn(control, "DIVISOR_SET1")];
  return listIn(control, "LP_SEL_SET1").map((selection, channel) => ({
    quantity: sources[numberIn(selection, "LP_SOURCE_SELECT")],
    countsPerUnit: (numberIn(scalars[channel]) || 1) / (numberIn(divisors[channel]) || 1),
  }));
}

/** Seconds after 00:00 of `02:00:00`; 0 for octets that mean no time. */
function secondsIn(time: string): number {
  const match = /^(\d\d):(\d\d):(\d\d)$/.exec(time);
  return match ? (Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])) % secondsOfDay : 0;
}
