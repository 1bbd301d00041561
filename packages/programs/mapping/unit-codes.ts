import type { Quantity } from "../parameters/quantity.ts";

/**
 * Codes of UOM_ENTRY_BFLD (table 12). ID_CODE of power is confirmed by an open source, that of volume is OURS (fragments of the types that have it); TIME_BASE and MULTIPLIER are recalled from the
 * standard, and marked unverified where the definitions of table 12 list them (UOM_TIME_BASE, UOM_MULTIPLIER).
 */
const idCode = { active: 0, reactive: 1, apparent: 2, cubicMetres: 64, cubicFeet: 67 } as const;
const timeBase = { bulk: 0, "block-demand": 4 } as const;
const multiplier = { one: 0, kilo: 2, mega: 3 } as const;

/** SOURCE_SELECT value that selects nothing. Recalled, UNVERIFIED (facts 3.5, [M]). */
export const noSource = 255;

export type Multiplier = keyof typeof multiplier;
export const multiplierNames = Object.keys(multiplier) as [Multiplier, ...Multiplier[]];

interface Meaning {
  readonly measured: keyof typeof idCode;
  readonly base: keyof typeof timeBase;
  /** Quadrants counted, 1–4; none of volume. */
  readonly quadrants: readonly number[];
  readonly net?: true;
}

const meanings: Readonly<Record<Quantity, Meaning>> = {
  "kWh-delivered": { measured: "active", base: "bulk", quadrants: [1, 4] },
  "kWh-received": { measured: "active", base: "bulk", quadrants: [2, 3] },
  "kWh-net": { measured: "active", base: "bulk", quadrants: [1, 2, 3, 4], net: true },
  "kvarh-lagging": { measured: "reactive", base: "bulk", quadrants: [1] },
  "kvarh-leading": { measured: "reactive", base: "bulk", quadrants: [4] },
  "kVAh-delivered": { measured: "apparent", base: "bulk", quadrants: [1, 4] },
  m3: { measured: "cubicMetres", base: "bulk", quadrants: [] },
  ft3: { measured: "cubicFeet", base: "bulk", quadrants: [] },
  "kW-delivered": { measured: "active", base: "block-demand", quadrants: [1, 4] },
  "kW-received": { measured: "active", base: "block-demand", quadrants: [2, 3] },
  "kvar-lagging": { measured: "reactive", base: "block-demand", quadrants: [1] },
  "kVA-delivered": { measured: "apparent", base: "block-demand", quadrants: [1, 4] },
};

/** All phases, no harmonic, nothing of a resource's own; the same in every row. */
const plain = { SEGMENTATION: 0, HARMONIC: false, ID_RESOURCE: 0, NFS: false };

/** A place of table 12 that measures nothing: every bit 0. */
export const noUnit: Readonly<Record<string, number | boolean>> = {
  ID_CODE: 0, TIME_BASE: 0, MULTIPLIER: 0, Q1_ACCOUNTABILITY: false, Q2_ACCOUNTABILITY: false, Q3_ACCOUNTABILITY: false, Q4_ACCOUNTABILITY: false, NET_FLOW: false, ...plain,
};

/** A row of table 12 by the names of its bits. */
export function unitOf(quantity: Quantity, scale: Multiplier): Readonly<Record<string, number | boolean>> {
  const meaning = meanings[quantity];
  const counts = (quadrant: number): boolean => meaning.quadrants.includes(quadrant);
  return {
    ID_CODE: idCode[meaning.measured],
    TIME_BASE: timeBase[meaning.base],
    MULTIPLIER: multiplier[scale],
    Q1_ACCOUNTABILITY: counts(1),
    Q2_ACCOUNTABILITY: counts(2),
    Q3_ACCOUNTABILITY: counts(3),
    Q4_ACCOUNTABILITY: counts(4),
    NET_FLOW: meaning.net ?? false,
    ...plain,
  };
}
