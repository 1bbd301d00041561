import { quantities, type Quantity } from "../parameters/quantity.ts";

/**
 * Places of a ReadingType code (IEC 61968-9, annex C): macroPeriod.aggregate.measuringPeriod.accumulation.flow.commodity.kind.interharmonic(2).argument(2).tou.cpp.
 * tier.phase.multiplier.unit.currency. Confirmed by published examples: energy delivered `0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0` (bulk quantity, forward, secondary
 * electricity, energy, kilo, Wh). The numbers marked below are recalled from the standard and the ESPI schema, UNVERIFIED.
 */
const place = {
  aggregate: { none: 0, /** unverified */ maximum: 8 },
  accumulation: { bulk: 1, /** unverified */ indicating: 6 },
  flow: { delivered: 1, /** unverified */ received: 19, /** unverified */ net: 4, /** unverified */ lagging: 2, /** unverified */ leading: 3 },
  kind: { energy: 12, /** unverified */ demand: 8 },
  unit: { kWh: 72, /** unverified */ kvarh: 73, /** unverified */ kVAh: 71, /** unverified */ kW: 38, /** unverified */ kvar: 63, /** unverified */ kVA: 61 },
  electricity: 1,
  kilo: 3,
} as const;

/** Minutes of a demand interval → measuringPeriod; 15 minutes by a published example, the others recalled, UNVERIFIED. */
const measuringPeriod: Readonly<Record<number, number>> = { 1: 3, 5: 6, 10: 1, 15: 2, 30: 5, 60: 7 };

/** What of the code no open source confirms. */
export type Certainty = "confirmed" | "unverified";

/**
 * The code of a register: `tier` counts from 1 in the code's tou place, 0 is the total. Undefined for a quantity that the codes here do not know (volumes of
 * water and gas).
 */
export function readingType(quantity: Quantity, tier: number | null, demandMinutes: number | undefined): { readonly code: string; readonly certainty: Certainty } | undefined {
  const { kind, unit } = quantities[quantity];
  const flow = quantity.slice(quantity.indexOf("-") + 1);
  if (!(unit in place.unit) || !(flow in place.flow)) return undefined;
  const demand = kind === "demand";
  const code = [
    0, demand ? place.aggregate.maximum : place.aggregate.none, demand ? (measuringPeriod[demandMinutes ?? 0] ?? 0) : 0,
    demand ? place.accumulation.indicating : place.accumulation.bulk, place.flow[flow as keyof typeof place.flow], place.electricity, demand ? place.kind.demand : place.kind.energy,
    0, 0, 0, 0, tier === null ? 0 : tier + 1, 0, 0, 0, place.kilo, place.unit[unit as keyof typeof place.unit], 0,
  ].join(".");
  return { code, certainty: quantity === "kWh-delivered" ? "confirmed" : "unverified" };
}
