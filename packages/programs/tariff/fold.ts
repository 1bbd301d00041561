import type { RatePeriod, UrdbRate } from "./urdb.ts";

/** Said beside every fold, so that a reader knows which tier is which. */
export const foldRule =
  "Months with the same weekday and weekend hours form a season. In each season every pair of energy and demand period that occurs is one tier; " +
  "tiers are numbered by price, cheapest first: by the energy price (first block, with adjustment), then the demand price, then the period's number.";

/** A tier of one season and the periods of the tariff behind it. Prices as the file has them, adjustment included, first block. */
export interface FoldedTier {
  readonly tier: number;
  readonly energyPeriod: number;
  readonly energyPrice: number;
  readonly demandPeriod: number | null;
  readonly demandPrice: number | null;
}

export interface FoldedSeason {
  readonly name: string;
  /** 1–12, ascending. */
  readonly months: readonly number[];
  /** Tier of each hour, 24 of them. */
  readonly weekday: readonly number[];
  readonly weekend: readonly number[];
  readonly tiers: readonly FoldedTier[];
}

/** Energy and demand periods of a tariff, folded jointly into tiers × seasons. */
export interface TariffFold {
  readonly rule: string;
  /** In the order of their first month. */
  readonly seasons: readonly FoldedSeason[];
  /** Names by tier number, for all seasons. */
  readonly tierNames: readonly string[];
}

/** Never refuses: a season may have more tiers than the eight that tables know, which is then a finding about the tariff. */
export function foldTariff(rate: UrdbRate): TariffFold {
  const months = Array.from({ length: 12 }, (_, month) => ({ weekday: pairs(rate, "weekday", month), weekend: pairs(rate, "weekend", month) }));
  const groups = new Map<string, number[]>();
  months.forEach((hours, month) => {
    const key = JSON.stringify(hours);
    const group = groups.get(key);
    if (group) group.push(month);
    else groups.set(key, [month]);
  });
  const names = seasonNames([...groups.values()]);
  const seasons = [...groups.values()].map((group, index) => foldSeason(rate, names[index] ?? "", group, months[group[0] ?? 0]));
  return { rule: foldRule, seasons, tierNames: tierNames(Math.max(...seasons.map((season) => season.tiers.length))) };
}

type Pair = readonly [energy: number, demand: number | null];

function pairs(rate: UrdbRate, days: "weekday" | "weekend", month: number): Pair[] {
  const energy = rate[`energy${days}schedule`][month] ?? [];
  const demand = rate[`demand${days}schedule`]?.[month];
  return energy.map((period, hour) => [period, demand?.[hour] ?? null]);
}

function foldSeason(rate: UrdbRate, name: string, months: number[], hours: { weekday: Pair[]; weekend: Pair[] } | undefined): FoldedSeason {
  const weekday = hours?.weekday ?? [];
  const weekend = hours?.weekend ?? [];
  const found = new Map<string, Omit<FoldedTier, "tier">>();
  for (const [energyPeriod, demandPeriod] of [...weekday, ...weekend]) {
    found.set(`${energyPeriod}/${demandPeriod}`, {
      energyPeriod,
      energyPrice: price(rate.energyratestructure[energyPeriod]),
      demandPeriod,
      demandPrice: demandPeriod === null ? null : price(rate.demandratestructure?.[demandPeriod]),
    });
  }
  const tiers = [...found.values()]
    .sort((a, b) => a.energyPrice - b.energyPrice || (a.demandPrice ?? 0) - (b.demandPrice ?? 0) || a.energyPeriod - b.energyPeriod || (a.demandPeriod ?? 0) - (b.demandPeriod ?? 0))
    .map((entry, tier) => ({ tier, ...entry }));
  const tierOf = ([energy, demand]: Pair): number => tiers.findIndex((entry) => entry.energyPeriod === energy && entry.demandPeriod === demand);
  return { name, months: months.map((month) => month + 1), weekday: weekday.map(tierOf), weekend: weekend.map(tierOf), tiers };
}

/** Per kWh or kW: the first block's rate with its adjustment. */
function price(period: RatePeriod | undefined): number {
  return (period?.[0]?.rate ?? 0) + (period?.[0]?.adj ?? 0);
}

function seasonNames(groups: readonly (readonly number[])[]): string[] {
  if (groups.length === 1) return ["all year"];
  if (groups.length === 2) return groups.map((months) => (months.includes(6) ? "summer" : "winter"));
  return groups.map((_, index) => `season ${index + 1}`);
}

function tierNames(count: number): string[] {
  if (count === 1) return ["all hours"];
  if (count === 2) return ["off-peak", "on-peak"];
  if (count === 3) return ["off-peak", "mid-peak", "on-peak"];
  return Array.from({ length: count }, (_, tier) => (tier === 0 ? "off-peak" : tier === count - 1 ? "on-peak" : `mid-peak ${tier}`));
}
