import type { Configuration } from "../configuration/configuration.ts";
import type { CivilSeconds } from "../time/civil-date.ts";
import type { MeasuredState } from "./measured-state.ts";
import { head, ofDemand } from "./register-layout.ts";
import { selfRead } from "./self-reads.ts";

/** Keeps the registers as they are in table 25, adds the highest demands to the cumulative ones, and begins demand anew; energy goes on. */
export function resetDemand(state: MeasuredState, at: CivilSeconds, season: number, { exclusions, selfReads }: Configuration): void {
  const { layout } = state;
  state.set(head.resets, (state.get(head.resets) + 1) & 0xff);
  state.set(head.resetLockedUntil, state.get(head.to) + exclusions.resetMinutes * 60);
  if (selfReads.atDemandReset) selfRead(state, at, season);
  // Table 25 shows cumulative demand as it is from now on.
  for (let block = 0; block < layout.blocks; block++) {
    for (let index = 0; index < layout.demands; index++) {
      const demand = layout.demand(layout.block(block), index);
      state.add(demand + ofDemand.cumulative, state.get(demand + ofDemand.value));
    }
  }
  state.snapshot(layout.previousReset, at, season, 0);
  for (let block = 0; block < layout.blocks; block++) state.blankDemands(layout.block(block));
}
