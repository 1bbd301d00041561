import { quantities, type Quantity } from "../parameters/quantity.ts";
import type { Parameters } from "../parameters/schema.ts";
import type { TariffFold } from "../tariff/fold.ts";
import { readingType, type Certainty } from "./reading-type.ts";

/** One value that billing takes from the meter, and what it is called there. */
export interface BillingDeterminant {
  /** Place among the registers: `registers.energy[0]`. */
  readonly register: string;
  readonly quantity: Quantity;
  readonly unit: string;
  /** 0–7; null for the total of all tiers. */
  readonly tier: number | null;
  readonly tierName: string;
  /** ReadingType of IEC 61968-9; null where this project knows none. */
  readonly readingType: string | null;
  readonly certainty: Certainty | null;
  /** What billing knows it by: `<program>-<quantity>-T<tier>`, unless the billing system's own code is given. */
  readonly billingCode: string;
  /** Where the tariff's record has its price, by season: `summer: energyratestructure[2]`. Empty where it has none. */
  readonly pricedBy: readonly string[];
}

/**
 * What a program makes for billing: a row for each register's total and, where there is more than one, for each of its tiers. `codes`: the billing system's own,
 * by the code that a row would have otherwise.
 */
export function billingDeterminants(parameters: Parameters, fold: TariffFold, codes: ReadonlyMap<string, string> = new Map()): readonly BillingDeterminant[] {
  const rows: BillingDeterminant[] = [];
  const names = parameters.calendar.tiers;
  const tiers: readonly (number | null)[] = names.length > 1 ? [null, ...names.keys()] : [null];
  for (const kind of ["energy", "demand"] as const) {
    parameters.registers[kind].forEach((quantity, index) => {
      for (const tier of tiers) {
        const type = readingType(quantity, tier, parameters.demand?.intervalMinutes);
        const own = `${parameters.program.code}-${quantity}-${tier === null ? "T" : `T${tier}`}`;
        rows.push({
          register: `registers.${kind}[${index}]`, quantity, unit: quantities[quantity].unit, tier,
          tierName: tier === null ? "total" : (names[tier] ?? ""),
          readingType: type?.code ?? null, certainty: type?.certainty ?? null,
          billingCode: codes.get(own) ?? own,
          pricedBy: pricesOf(fold, kind, quantity, tier, names.length),
        });
      }
    });
  }
  return rows;
}

/** The tariff prices what is delivered: energy by its periods, demand by its own; a single tier is its own total. */
function pricesOf(fold: TariffFold, kind: "energy" | "demand", quantity: Quantity, tier: number | null, tiers: number): readonly string[] {
  if (quantity !== "kWh-delivered" && quantity !== "kW-delivered") return [];
  const wanted = tier ?? (tiers === 1 ? 0 : undefined);
  return fold.seasons.flatMap((season) =>
    season.tiers
      .filter((one) => one.tier === wanted)
      .flatMap(({ energyPeriod, demandPeriod }) => (kind === "energy" ? [`${season.name}: energyratestructure[${energyPeriod}]`] : demandPeriod === null ? [] : [`${season.name}: demandratestructure[${demandPeriod}]`])));
}
