/**
 * What a register can hold, in the trade's words. Energy is summed, and so is volume, which takes energy's places in a meter of water or gas; demand is the largest average over the demand interval.
 * Delivered: to the customer (quadrants 1 and 4). Received: from the customer (quadrants 2 and 3). Lagging: quadrant 1; leading: quadrant 4.
 */
export const quantities = {
  "kWh-delivered": { kind: "energy", unit: "kWh" },
  "kWh-received": { kind: "energy", unit: "kWh" },
  "kWh-net": { kind: "energy", unit: "kWh" },
  "kvarh-lagging": { kind: "energy", unit: "kvarh" },
  "kvarh-leading": { kind: "energy", unit: "kvarh" },
  "kVAh-delivered": { kind: "energy", unit: "kVAh" },
  m3: { kind: "energy", unit: "m³" },
  ft3: { kind: "energy", unit: "ft³" },
  "kW-delivered": { kind: "demand", unit: "kW" },
  "kW-received": { kind: "demand", unit: "kW" },
  "kvar-lagging": { kind: "demand", unit: "kvar" },
  "kVA-delivered": { kind: "demand", unit: "kVA" },
} as const satisfies Record<string, { kind: "energy" | "demand"; unit: string }>;

export type Quantity = keyof typeof quantities;

export const quantityNames = Object.keys(quantities) as [Quantity, ...Quantity[]];
