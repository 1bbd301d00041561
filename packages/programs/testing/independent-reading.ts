/**
 * A second reading of rate records, for tests alone: it shares no code with the import, takes the raw JSON hour by hour, and
 * its holidays and changes of the clock are dates copied from a wall calendar, not rules. A tier is the place of an hour's pair
 * of periods among all pairs of its month, cheapest first. `edges`: changes at a full hour that are meant for another minute of the day.
 * Gives the 1440 tiers of a date.
 */
export function independentDays(record: Record<string, unknown>, holidays: ReadonlySet<string>, edges: readonly (readonly [hour: number, minute: number])[] = []): (date: string) => readonly number[] {
  const months = Array.from({ length: 12 }, (_, month) => monthOf(record, month)).map(({ weekday, weekend }) => ({ weekday: minutes(weekday, edges), weekend: minutes(weekend, edges) }));
  return (date) => {
    const day = new Date(`${date}T00:00:00Z`);
    const weekend = [0, 6].includes(day.getUTCDay()) || holidays.has(date);
    return months[day.getUTCMonth()]![weekend ? "weekend" : "weekday"];
  };
}

function minutes(hours: readonly number[], edges: readonly (readonly [hour: number, minute: number])[]): number[] {
  const day = Array.from({ length: 1440 }, (_, minute) => hours[Math.floor(minute / 60)]!);
  for (const [hour, meant] of edges) {
    if (hours[hour] === hours[hour - 1]) continue;
    for (let minute = Math.min(hour * 60, meant); minute < Math.max(hour * 60, meant); minute++) day[minute] = meant > hour * 60 ? hours[hour - 1]! : hours[hour]!;
  }
  return day;
}

function monthOf(record: Record<string, unknown>, month: number): { weekday: number[]; weekend: number[] } {
  const row = (days: string): string[] => {
    const energy = (record[`energy${days}schedule`] as number[][])[month]!;
    const demand = (record[`demand${days}schedule`] as number[][] | undefined)?.[month];
    return energy.map((period, hour) => `${period}-${demand?.[hour] ?? ""}`);
  };
  const price = (structure: string, period: string | undefined): number => {
    if (!period) return 0;
    const block = (record[structure] as { rate?: number; adj?: number }[][])[Number(period)]![0]!;
    return (block.rate ?? 0) + (block.adj ?? 0);
  };
  const prices = (pair: string): [number, number] => {
    const [energy, demand] = pair.split("-");
    return [price("energyratestructure", energy), price("demandratestructure", demand)];
  };
  const ranked = [...new Set([...row("weekday"), ...row("weekend")])].sort((a, b) => prices(a)[0] - prices(b)[0] || prices(a)[1] - prices(b)[1]);
  return { weekday: row("weekday").map((pair) => ranked.indexOf(pair)), weekend: row("weekend").map((pair) => ranked.indexOf(pair)) };
}

/** Holidays of the example answers, observed, by a wall calendar. */
const observedNearest = {
  2026: ["2026-01-01", "2026-05-25", "2026-07-03", "2026-09-07", "2026-11-26", "2026-12-25"],
  // New Year's Day of 2028 is a Saturday, observed on the Friday before.
  2027: ["2027-01-01", "2027-05-31", "2027-07-05", "2027-09-06", "2027-11-25", "2027-12-24", "2027-12-31"],
  2028: ["2028-05-29", "2028-07-04", "2028-09-04", "2028-11-23", "2028-12-25"],
} as const;
const none = { 2026: [], 2027: [], 2028: [] } as const;

export const wallCalendar = {
  "aps-et-2-tou": observedNearest,
  "sce-gs-2-tou-b-single-phase": {
    2026: ["2026-01-01", "2026-02-16", "2026-05-25", "2026-07-04", "2026-09-07", "2026-11-26", "2026-12-25"],
    2027: ["2027-01-01", "2027-02-15", "2027-05-31", "2027-07-05", "2027-09-06", "2027-11-25", "2027-12-25"],
    2028: ["2028-01-01", "2028-02-21", "2028-05-29", "2028-07-04", "2028-09-04", "2028-11-23", "2028-12-25"],
  },
  "entergy-ar-lps-tou": {
    2026: ["2026-01-01", "2026-05-25", "2026-07-04", "2026-09-07", "2026-11-26", "2026-12-25"],
    2027: ["2027-01-01", "2027-05-31", "2027-07-04", "2027-09-06", "2027-11-25", "2027-12-25"],
    2028: ["2028-01-01", "2028-05-29", "2028-07-04", "2028-09-04", "2028-11-23", "2028-12-25"],
  },
  "aps-r-2-tou-demand": observedNearest,
  "consumers-energy-rsp-summer-peak": {
    2026: ["2026-01-01", "2026-05-25", "2026-07-04", "2026-09-07", "2026-11-26", "2026-12-25"],
    2027: ["2027-01-01", "2027-05-31", "2027-07-05", "2027-09-06", "2027-11-25", "2027-12-25"],
    2028: ["2028-01-01", "2028-05-29", "2028-07-04", "2028-09-04", "2028-11-23", "2028-12-25"],
  },
  // With Good Friday, whose dates the answers list.
  "dominion-va-gs-3": {
    2026: [...observedNearest[2026], "2026-04-03"],
    2027: [...observedNearest[2027], "2027-03-26"],
    2028: [...observedNearest[2028], "2028-04-14"],
  },
  "jea-rs-flat": none,
  "pge-e-1-tiered-region-t": none,
  "pge-e-19-secondary-tou-demand": {
    2026: ["2026-01-01", "2026-02-16", "2026-05-25", "2026-07-04", "2026-09-07", "2026-11-11", "2026-11-26", "2026-11-27", "2026-12-25"],
    2027: ["2027-01-01", "2027-02-15", "2027-05-31", "2027-07-04", "2027-09-06", "2027-11-11", "2027-11-25", "2027-11-26", "2027-12-25"],
    2028: ["2028-01-01", "2028-02-21", "2028-05-29", "2028-07-04", "2028-09-04", "2028-11-11", "2028-11-23", "2028-11-24", "2028-12-25"],
  },
} as const;

/** Changes of tier between full hours, as the answers to E-19 say: 8:30 and 21:30. */
export const wallEdges: Readonly<Record<keyof typeof wallCalendar, readonly (readonly [hour: number, minute: number])[]>> = {
  "aps-et-2-tou": [], "sce-gs-2-tou-b-single-phase": [], "entergy-ar-lps-tou": [], "aps-r-2-tou-demand": [], "consumers-energy-rsp-summer-peak": [],
  "dominion-va-gs-3": [], "jea-rs-flat": [], "pge-e-1-tiered-region-t": [], "pge-e-19-secondary-tou-demand": [[8, 510], [21, 1290]],
};

/** Hours of standard time, and whether the meter's clock moves for daylight saving. */
export const wallZones: Readonly<Record<keyof typeof wallCalendar, { readonly standardHours: number; readonly daylight: boolean }>> = {
  "aps-et-2-tou": { standardHours: -7, daylight: false },
  "aps-r-2-tou-demand": { standardHours: -7, daylight: false },
  "consumers-energy-rsp-summer-peak": { standardHours: -5, daylight: true },
  "dominion-va-gs-3": { standardHours: -5, daylight: false },
  "entergy-ar-lps-tou": { standardHours: -6, daylight: true },
  "jea-rs-flat": { standardHours: -5, daylight: true },
  "pge-e-1-tiered-region-t": { standardHours: -8, daylight: true },
  "pge-e-19-secondary-tou-demand": { standardHours: -8, daylight: true },
  "sce-gs-2-tou-b-single-phase": { standardHours: -8, daylight: true },
};

/** When clocks in the United States change, as UTC instants for a standard offset in hours. */
const daylightDates = { 2026: ["2026-03-08", "2026-11-01"], 2027: ["2027-03-14", "2027-11-07"], 2028: ["2028-03-12", "2028-11-05"] } as const;

/** Wall clock of an instant in a zone that observes daylight saving as the United States do: `2026-07-04T13:00`. */
export function wallClockOf(at: number, standardHours: number): string {
  const year = new Date(at + standardHours * 3_600_000).getUTCFullYear() as keyof typeof daylightDates;
  const [on, off] = daylightDates[year];
  const begins = Date.parse(`${on}T02:00:00Z`) - standardHours * 3_600_000;
  const ends = Date.parse(`${off}T01:00:00Z`) - standardHours * 3_600_000;
  const hours = standardHours + (at >= begins && at < ends ? 1 : 0);
  return new Date(at + hours * 3_600_000).toISOString().slice(0, 16);
}
