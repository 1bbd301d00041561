import { readFile } from "node:fs/promises";

/** Tier numbers of 12 months × 24 hours. */
export interface TariffHours {
  readonly weekday: readonly (readonly number[])[];
  readonly weekend: readonly (readonly number[])[];
}

interface Rate {
  readonly energyratestructure: Periods;
  readonly energyweekdayschedule: Schedule;
  readonly energyweekendschedule: Schedule;
  readonly demandratestructure?: Periods;
  readonly demandweekdayschedule?: Schedule;
  readonly demandweekendschedule?: Schedule;
}
type Schedule = readonly (readonly number[])[];
type Periods = readonly (readonly { readonly rate?: number; readonly adj?: number }[])[];

const examples = new URL("../../../examples/tariffs/", import.meta.url);

/** Path of a file among the example tariffs. */
export const examplePath = (name: string): string => new URL(name, examples).pathname;

/**
 * What a rate record says of each hour, read here by other means than the product's: in each month the pairs of energy and demand
 * period that occur are ranked by their prices, the cheapest first. (The product ranks by season; months of a season have the same pairs.)
 */
export async function tariffHours(name: string): Promise<TariffHours> {
  const rate = JSON.parse(await readFile(examplePath(name), "utf8")) as Rate;
  const months = Array.from({ length: 12 }, (_, month) => {
    const weekday = costs(rate, rate.energyweekdayschedule[month] ?? [], rate.demandweekdayschedule?.[month]);
    const weekend = costs(rate, rate.energyweekendschedule[month] ?? [], rate.demandweekendschedule?.[month]);
    const ranked = [...new Map([...weekday, ...weekend].map((cost) => [cost.join(), cost])).values()].toSorted(cheaper).map((cost) => cost.join());
    return { weekday: weekday.map((cost) => ranked.indexOf(cost.join())), weekend: weekend.map((cost) => ranked.indexOf(cost.join())) };
  });
  return { weekday: months.map((month) => month.weekday), weekend: months.map((month) => month.weekend) };
}

/** What ranks an hour: price of energy, price of demand, then the periods' own numbers. */
type Cost = readonly number[];

function costs(rate: Rate, energy: readonly number[], demand: readonly number[] | undefined): Cost[] {
  return energy.map((kwh, hour) => {
    const kw = demand?.[hour];
    return [price(rate.energyratestructure, kwh), kw === undefined ? 0 : price(rate.demandratestructure, kw), kwh, kw ?? 0];
  });
}

/** The first block's, with its adjustment. */
function price(periods: Periods | undefined, period: number): number {
  const [block] = periods?.[period] ?? [];
  return (block?.rate ?? 0) + (block?.adj ?? 0);
}

function cheaper(a: Cost, b: Cost): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
