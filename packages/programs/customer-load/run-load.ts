import { parseIsoDate } from "../calendar/civil-date.ts";
import { dayTiers } from "../calendar/day-tiers.ts";
import { expandCalendar } from "../calendar/expand.ts";
import { meterClock } from "../calendar/meter-clock.ts";
import { Zone } from "../calendar/zone.ts";
import type { Parameters } from "../parameters/schema.ts";
import type { IntervalSeries } from "./interval-series.ts";

export interface TierLoad {
  readonly tier: number;
  readonly name: string;
  /** Minutes of the series in which the tier held. */
  readonly minutes: number;
  readonly wattHours: number;
  /** The highest demand interval, watts, with the meter's clock at its end; null where the program has no demand, or the series is too coarse for it. */
  readonly demand: { readonly watts: number; readonly ends: string } | null;
}

export interface LoadRun {
  /** Instants, universal time. */
  readonly from: string;
  readonly to: string;
  readonly intervals: number;
  /** Intervals that are missing between the first and the last. */
  readonly missing: number;
  /** Intervals in which the tier changes: their energy is shared out by minutes, which a meter would know better. */
  readonly shared: number;
  readonly wattHours: number;
  /** By number, all of the program's. */
  readonly tiers: readonly TierLoad[];
  /** What this file cannot tell of the program, in words. */
  readonly notes: readonly string[];
}

/**
 * A customer's intervals run through a program that is still a draft: what its registers would count. Demand is the average over the program's block interval,
 * in the tier that holds when the block begins.
 */
export function runLoad(program: Parameters, series: IntervalSeries): LoadRun {
  const { seconds, intervals } = series;
  const first = intervals[0]?.start ?? 0;
  const end = (intervals.at(-1)?.start ?? 0) + seconds;
  const asked = ofYears(program, first, end);
  const { parameters } = asked;
  const local = localClock(parameters);
  const days = dayTiers(expandCalendar(parameters));
  const tiersOn = (at: number): { readonly tiers: Uint8Array; readonly minute: number } => {
    const clock = local(at);
    return { tiers: days(parseIsoDate(clock.slice(0, 10)) ?? 0).energy, minute: Number(clock.slice(11, 13)) * 60 + Number(clock.slice(14, 16)) };
  };
  const minutes = new Float64Array(8);
  const energy = new Float64Array(8);
  let shared = 0;
  for (const { start, wattHours } of intervals) {
    const { tiers, minute } = tiersOn(start);
    const length = seconds / 60;
    const held = tiers.subarray(minute, minute + length);
    for (const tier of held) {
      minutes[tier] = (minutes[tier] ?? 0) + 1;
      energy[tier] = (energy[tier] ?? 0) + wattHours / length;
    }
    if (held.some((tier) => tier !== held[0])) shared++;
  }
  const { highest, notes } = demands(parameters, series, (at) => {
    const { tiers, minute } = tiersOn(at);
    return tiers[minute] ?? 0;
  }, local);
  return {
    from: new Date(first * 1000).toISOString(), to: new Date(end * 1000).toISOString(),
    intervals: intervals.length, missing: (end - first) / seconds - intervals.length, shared,
    wattHours: intervals.reduce((sum, { wattHours }) => sum + wattHours, 0),
    tiers: parameters.calendar.tiers.map((name, tier) => ({ tier, name, minutes: minutes[tier] ?? 0, wattHours: energy[tier] ?? 0, demand: highest.get(tier) ?? null })),
    notes: [...asked.notes, ...notes],
  };
}

/** What the meter's clock shows at a second of universal time: `2026-07-01T00:15:00`. Offsets are asked once an hour, which is when clocks change. */
function localClock({ clock, calendar }: Parameters): (at: number) => string {
  const { mode, offsetMinutes } = meterClock(clock, calendar.years);
  const zone = new Zone(clock.zone);
  const known = new Map<number, number>();
  const offsetAt = (at: number): number => {
    if (mode !== "prevailing") return offsetMinutes;
    const hour = Math.floor(at / 3600);
    const offset = known.get(hour) ?? zone.offsetMinutes(hour * 3_600_000);
    known.set(hour, offset);
    return offset;
  };
  return (at) => new Date((at + offsetAt(at) * 60) * 1000).toISOString().slice(0, 19);
}

function demands(
  { registers, demand }: Parameters, { seconds, intervals }: IntervalSeries, tierAt: (at: number) => number, local: (at: number) => string,
): { readonly highest: ReadonlyMap<number, NonNullable<TierLoad["demand"]>>; readonly notes: readonly string[] } {
  const highest = new Map<number, NonNullable<TierLoad["demand"]>>();
  if (registers.demand.length === 0) return { highest, notes: [] };
  if (!demand) return { highest, notes: ["the demand interval is left to the device type: no demand is worked out"] };
  const block = demand.intervalMinutes * 60;
  if (block % seconds !== 0) return { highest, notes: [`intervals of ${seconds / 60} minutes do not tell the demand over ${demand.intervalMinutes} minutes`] };
  const blocks = new Map<number, { wattHours: number; parts: number }>();
  for (const { start, wattHours } of intervals) {
    const begins = Math.floor(start / block) * block;
    const sum = blocks.get(begins) ?? { wattHours: 0, parts: 0 };
    blocks.set(begins, { wattHours: sum.wattHours + wattHours, parts: sum.parts + 1 });
  }
  let broken = 0;
  for (const [begins, { wattHours, parts }] of blocks) {
    if (parts < block / seconds) {
      broken++;
      continue;
    }
    const watts = (wattHours * 3600) / block;
    const tier = tierAt(begins);
    if (watts > (highest.get(tier)?.watts ?? Number.NEGATIVE_INFINITY)) highest.set(tier, { watts, ends: local(begins + block) });
  }
  return { highest, notes: broken === 0 ? [] : [`${broken} demand intervals are not whole and do not count`] };
}

/** The program with its holidays and changes of the clock worked out for the years of the load, which usually lie before those it is made for. */
function ofYears(parameters: Parameters, from: number, to: number): { readonly parameters: Parameters; readonly notes: readonly string[] } {
  const years = { first: new Date((from - 86_400) * 1000).getUTCFullYear(), last: new Date((to + 86_400) * 1000).getUTCFullYear() };
  const { calendar } = parameters;
  const dated = calendar.holidays.filter(({ rule }) => rule.kind === "dates").map(({ name }) => name);
  const outside = years.first < calendar.years.first || years.last > calendar.years.last;
  return {
    parameters: { ...parameters, calendar: { ...calendar, years } },
    notes: outside && dated.length > 0 ? [`holidays given by dates (${dated.join(", ")}) are not known for the years of the load`] : [],
  };
}
