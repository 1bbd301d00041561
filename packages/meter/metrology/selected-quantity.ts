import type { Definitions, FieldValue } from "@metersmith/tables";
import { listIn, numberIn } from "../tree-access.ts";

/** What one register counts, by tables 12, 16 and 22. */
export interface SelectedQuantity {
  /** What it counts of the synthetic load's active energy. */
  readonly share: number;
  /** Units of the register in watt-hours (watts for a demand): 1000 for kWh. */
  readonly unit: number;
  /** Minutes of the demand interval; undefined where the source has none. */
  readonly intervalMinutes: number | undefined;
}

/** The source number that selects nothing. Unverified: recalled from the standard (facts 3.5 [M]). */
export const noSource = 255;

/** Registers turn over here. Ours: nine dials. */
const rollover = 1e9;

/** What a register shows of watt-hours, or of watts. */
export function registerReading(value: number, quantity: SelectedQuantity | undefined): number {
  return Math.floor(value / (quantity?.unit ?? 1)) % rollover;
}

/** Follows the links of table 16, where each flag of a source takes the next row of table 12 or 13. `undefined` where there is no such source. */
export function sourcesOf(definitions: Definitions, units: FieldValue, demandControl: FieldValue, links: FieldValue): readonly (SelectedQuantity | undefined)[] {
  const unitRows = listIn(units, "UOM_ENTRY");
  const intervals = listIn(demandControl, "INTERVAL_VALUE");
  let nextUnit = 0;
  let nextInterval = 0;
  return listIn(links, "SOURCES_LINK").map((link) => {
    const unit = numberIn(link, "UOM_ENTRY_FLAG") === 1 ? unitRows[nextUnit++] : undefined;
    const interval = numberIn(link, "DEMAND_CTRL_FLAG") === 1 ? intervals[nextInterval++] : undefined;
    if (unit === undefined) return undefined;
    const length = numberIn(interval, "INT_LENGTH");
    return { share: shareOf(unit), unit: powerOfTen(definitions.label("UOM_MULTIPLIER", numberIn(unit, "MULTIPLIER"))), intervalMinutes: interval === undefined ? undefined : length };
  });
}

/** The factor that the definitions give a MULTIPLIER by its name, `10^3`. */
function powerOfTen(name: string | undefined): number {
  const exponent = /^10\^(-?\d+)$/.exec(name ?? "")?.[1];
  return exponent === undefined ? 1 : 10 ** Number(exponent);
}

/**
 * Reactive and apparent shares of the synthetic load are fixed, power factor 0.97 lagging: by ID_CODE 0 active, 1 reactive, 2 apparent. The load
 * lies in the first quadrant, so a quantity that does not count that one, such as energy received, stays at zero.
 */
function shareOf(unit: FieldValue): number {
  return numberIn(unit, "Q1_ACCOUNTABILITY") === 1 ? ([1, 0.25, 1.03][numberIn(unit, "ID_CODE")] ?? 0) : 0;
}
