import { version1 } from "../firmware/images.generated.ts";
import { boardFlash } from "../flash/flash-layout.ts";
import type { MeterModel } from "../meter-model.ts";
import { factoryFlash } from "../update/factory-flash.ts";
import { sweepUpdate, type SweepExtent, type UpdateSweep } from "./sweep-updates.ts";
import { smallGround, updateScenarios, type UpdateGround } from "./update-scenarios.ts";

/** 70 pages of 4 KiB, and firmware of several pages: 16 KiB more than it needs. */
const fullGround: UpdateGround = {
  kind: factoryFlash(boardFlash, { id: "metrology", version: 0x0100, module: version1 }).kind,
  layout: boardFlash,
  padding: 16_384,
};

interface Part {
  readonly part: string;
  readonly ground: UpdateGround;
  readonly depth: number;
  /** Share of the cuts at each level; all where absent. */
  readonly shares?: readonly number[];
}

const small = "8 pages of 1 KiB";
const full = "70 pages of 4 KiB";

/** Minutes. */
export const completeSweep: readonly Part[] = [
  { part: `${small}, every cut, and every cut in the recovery from it`, ground: smallGround, depth: 2 },
  { part: `${small}, three cuts in a row, sampled`, ground: smallGround, depth: 3, shares: [0.07, 0.07, 0.07] },
  { part: `${full}, two cuts in a row, sampled`, ground: fullGround, depth: 2, shares: [0.03, 0.003] },
];

/** Seconds. */
export const quickSweep: readonly Part[] = [
  { part: `${small}, every cut`, ground: smallGround, depth: 1 },
  { part: `${small}, two cuts in a row, sampled`, ground: smallGround, depth: 2, shares: [0.03, 0.03] },
  { part: `${full}, sampled`, ground: fullGround, depth: 1, shares: [0.002] },
];

export interface PartSweep extends UpdateSweep {
  readonly part: string;
  readonly depth: number;
}

/** All ways of an update on rx-2s, part after part. The same seed gives the same sweep. */
export async function* sweepEverything(model: MeterModel, parts: readonly Part[], seed: number): AsyncGenerator<PartSweep> {
  for (const { part, ground, depth, shares } of parts) {
    const extent: SweepExtent = { depth, seed, ...(shares ? { share: (level: number) => shares[level - 1] ?? 0 } : {}) };
    for (const scenario of await updateScenarios(model, ground)) yield { ...sweepUpdate(scenario, extent), part, depth };
  }
}
