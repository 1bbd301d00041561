import type { MeterContext } from "@metersmith/tables";
import { listIn, member } from "../tree-access.ts";

/** Registers turn over here (ours). */
const turnover = 1e9;

/** The register of table 23 whose total is farthest from the sum of its tiers. Undefined in a model without tiers. */
export function registerDifference(context: MeterContext, image: Uint8Array): { units: number; register: number } | undefined {
  const tree = context.decode(23, image).tree();
  const tiers = listIn(tree, "TIER_DATA_BLOCK").map((block) => listIn(block, "SUMMATIONS").map(Number));
  if (tiers.length === 0) return undefined;
  const totals = listIn(member(tree, "TOT_DATA_BLOCK"), "SUMMATIONS").map(Number);
  let worst = { units: 0, register: 0 };
  for (const [register, total] of totals.entries()) {
    const sum = tiers.reduce((energy, tier) => energy + (tier[register] ?? 0), 0);
    const around = Math.abs(total - sum) % turnover;
    const units = Math.min(around, turnover - around);
    if (units > worst.units) worst = { units: Math.round(units), register };
  }
  return worst;
}
