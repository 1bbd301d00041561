import type { Definitions, FieldValue } from "@metersmith/tables";
import { output } from "../firmware/interface.ts";
import { listIn, numberIn } from "../tree-access.ts";

/** What one register counts, by tables 12, 13, 16 and 22. */
export interface SelectedQuantity {
  /** The firmware's counts that it adds up, by place, and the sign of each. */
  readonly terms: readonly { readonly place: number; readonly sign: 1 | -1 }[];
  /** Counts (milliwatt-hours and so on, pulses) that make one of the register's units; for a demand, of its unit times one hour. */
  readonly unit: number;
  /** The demand's window; undefined where the source has none. */
  readonly window: DemandWindow | undefined;
}

export interface DemandWindow {
  /** Of the interval whose end brings a new value, minutes: the whole window of block demand, a part of a sliding one. */
  readonly minutes: number;
  /** Such intervals in the window: 1 for block demand. */
  readonly parts: number;
}

/** What the pulses of a meter of water or gas stand for. */
export interface PulseInput {
  readonly cubicMetres: number | undefined;
  readonly cubicFeet: number | undefined;
}

/** The source number that selects nothing. Unverified: recalled from the standard (facts 3.5 [M]). */
export const noSource = 255;

/** Registers turn over here. Ours: nine dials. */
const rollover = 1e9;

/** ID_CODE of power in table 12 (facts ST12). */
const powers = 3;
/** ID_CODE of volumes. OURS: the standard has codes for them that no open source gives. */
export const volumeCode = { cubicMetres: 64, cubicFeet: 67 } as const;
/** Counts in a watt-hour. */
const perWattHour = 1000;

/** What a register shows of counts. Whole, unless `fractions`: where its number format has them. Net energy may be negative. */
export function registerReading(counts: number, quantity: SelectedQuantity | undefined, fractions = false): number {
  const value = counts / (quantity?.unit ?? 1);
  return (fractions ? value : Math.floor(value)) % rollover;
}

/** Follows the links of table 16, where each flag of a source takes the next row of table 12 or 13. `undefined` where there is no such source. */
export function sourcesOf(definitions: Definitions, units: FieldValue, demandControl: FieldValue, links: FieldValue, pulses: PulseInput | undefined): readonly (SelectedQuantity | undefined)[] {
  const unitRows = listIn(units, "UOM_ENTRY");
  const intervals = listIn(demandControl, "INTERVAL_VALUE");
  let nextUnit = 0;
  let nextInterval = 0;
  return listIn(links, "SOURCES_LINK").map((link) => {
    const unit = numberIn(link, "UOM_ENTRY_FLAG") === 1 ? unitRows[nextUnit++] : undefined;
    const interval = numberIn(link, "DEMAND_CTRL_FLAG") === 1 ? intervals[nextInterval++] : undefined;
    if (unit === undefined) return undefined;
    const counted = pulses ? volume(unit, pulses) : energy(unit);
    return counted && { terms: counted.terms, unit: counted.perUnit * powerOfTen(definitions.label("UOM_MULTIPLIER", numberIn(unit, "MULTIPLIER"))), window: interval === undefined ? undefined : windowOf(interval) };
  });
}

function windowOf(interval: FieldValue): DemandWindow {
  const [part, parts] = [numberIn(interval, "SUB_INT"), numberIn(interval, "INT_MULTIPLIER")];
  return parts > 0 ? { minutes: part, parts } : { minutes: numberIn(interval, "INT_LENGTH") || part, parts: 1 };
}

/** The factor that the definitions give a MULTIPLIER by its name, `10^3`. */
function powerOfTen(name: string | undefined): number {
  const exponent = /^10\^(-?\d+)$/.exec(name ?? "")?.[1];
  return exponent === undefined ? 1 : 10 ** Number(exponent);
}

interface Counted {
  readonly terms: SelectedQuantity["terms"];
  readonly perUnit: number;
}

/**
 * Energy by ID_CODE 0 active, 1 reactive, 2 apparent, in the quadrants that are accounted for. NET_FLOW: what is received (quadrants 2 and 3; of reactive
 * energy what leads, 3 and 4) is taken off. SEGMENTATION 5–7 is one phase (unverified codes, facts ST12); of the others all phases are counted.
 */
function energy(unit: FieldValue): Counted | undefined {
  const kind = numberIn(unit, "ID_CODE");
  if (kind >= powers) return undefined;
  const segmentation = numberIn(unit, "SEGMENTATION");
  const segment = segmentation >= 5 ? segmentation - 4 : 0;
  const net = numberIn(unit, "NET_FLOW") === 1;
  const against = kind === 1 ? [3, 4] : [2, 3];
  const terms = [1, 2, 3, 4]
    .filter((quadrant) => numberIn(unit, `Q${quadrant}_ACCOUNTABILITY`) === 1)
    .map((quadrant) => ({ place: output.energy(segment, kind, quadrant), sign: net && against.includes(quadrant) ? (-1 as const) : (1 as const) }));
  return { terms, perUnit: perWattHour };
}

/** Volume from pulses; undefined for a unit that the pulses of this meter do not stand for. */
function volume(unit: FieldValue, pulses: PulseInput): Counted | undefined {
  const code = numberIn(unit, "ID_CODE");
  const perUnit = code === volumeCode.cubicMetres ? pulses.cubicMetres : code === volumeCode.cubicFeet ? pulses.cubicFeet : undefined;
  return perUnit === undefined ? undefined : { terms: [{ place: output.pulses, sign: 1 }], perUnit };
}
