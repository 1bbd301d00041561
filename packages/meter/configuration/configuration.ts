import type { FieldValue, MeterContext, TableId } from "@metersmith/tables";
import { noSource, sourcesOf, type SelectedQuantity } from "../metrology/selected-quantity.ts";
import type { TableMemory } from "../memory/table-memory.ts";
import { readCalendar, type CalendarReading } from "../time/calendar-reading.ts";
import { secondsOfDay } from "../time/civil-date.ts";
import type { TimeOffset } from "../time/meter-clock.ts";
import { listIn, numberIn, textIn } from "../tree-access.ts";
import { configurationStatus, type ConfigurationStatus, type SelectionFact } from "./configuration-status.ts";

/** What a channel of the load profile records, by table 62. */
export interface ProfileChannel {
  readonly quantity: SelectedQuantity | undefined;
  /** Counts for one unit of the quantity. That the scalar multiplies and the divisor divides before a count is stored is unverified. */
  readonly countsPerUnit: number;
}

/** What the stored tables mean to the running meter. */
export interface Configuration {
  readonly calendar: CalendarReading;
  readonly offset: TimeOffset;
  /** By position in table 22; undefined where a register counts nothing. */
  readonly summations: readonly (SelectedQuantity | undefined)[];
  readonly demands: readonly (SelectedQuantity | undefined)[];
  /** By channel of load profile set 1; empty where the model records none. */
  readonly channels: readonly ProfileChannel[];
  readonly status: ConfigurationStatus;
}

/** The tables that a configuration consists of: a write to any makes the meter read them all again. */
export const configurationTables: ReadonlySet<TableId> = new Set([6, 12, 13, 16, 22, 53, 54]);

export function readConfiguration(context: MeterContext, stored: TableMemory): Configuration {
  const tree = (table: TableId): FieldValue => {
    const image = stored.image(table);
    return image ? context.decode(table, image).tree() : {};
  };
  const [dimensions, time, selection, timeOffset] = [tree(21), tree(51), tree(22), tree(53)];
  const sources = sourcesOf(context.definitions, tree(12), tree(13), tree(16));
  const calendar = readCalendar(tree(54), numberIn(time, "TIME_FUNC_FLAG2", "SEPARATE_SUM_DEMANDS") === 1);
  const chosen = (field: string): { quantity: SelectedQuantity | undefined; fact: SelectionFact }[] =>
    listIn(selection, field).map((value, index) => {
      const source = numberIn(value);
      const quantity = source === noSource ? undefined : sources[source];
      return { quantity, fact: { field: `table 22 ${field}[${index}]`, source: source === noSource ? "none" : source, measured: quantity !== undefined, intervalMinutes: quantity?.intervalMinutes } };
    });
  const [summations, demands] = [chosen("SUMMATION_SELECT"), chosen("DEMAND_SELECT")];
  const offset: TimeOffset = {
    daylightAtSeconds: secondsIn(textIn(timeOffset, "DST_TIME_EFF")),
    daylightMinutes: numberIn(timeOffset, "DST_TIME_AMT"),
    zoneMinutes: numberIn(timeOffset, "TIME_ZONE_OFFSET"),
  };
  return {
    calendar, offset,
    summations: summations.map(({ quantity }) => quantity),
    demands: demands.map(({ quantity }) => quantity),
    channels: channelsOf(tree(62), sources),
    status: configurationStatus({
      tariffId: textIn(tree(6), "TARIFF_ID"),
      calendar,
      tiers: numberIn(dimensions, "NBR_TIERS"),
      specials: numberIn(time, "CALENDAR_FUNC", "NBR_SPECIAL_SCHED"),
      daylightMinutes: offset.daylightMinutes,
      summations: summations.map(({ fact }) => fact),
      demands: demands.map(({ fact }) => fact),
    }),
  };
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
