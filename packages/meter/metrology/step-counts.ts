import type { Configuration } from "../configuration/configuration.ts";
import type { MeasuredState } from "./measured-state.ts";
import type { MeasuringBench } from "./measuring-bench.ts";
import type { SelectedQuantity } from "./quantity.ts";
import { ofWindow } from "./register-layout.ts";

/** Adds what a step counted to the sums of the total and of the tier, to demands and coincident values under way, and to the load profile. */
export function countStep(state: MeasuredState, bench: MeasuringBench, step: number, configuration: Configuration, tier: number): void {
  const { layout, profile } = state;
  const [total, ofTier] = [layout.block(0), layout.block(1 + tier)];
  for (let index = 0; index < layout.summations; index++) {
    const counts = countsOf(bench, step, configuration.summations[index]);
    state.add(total + index, counts);
    if (1 + tier < layout.blocks) state.add(ofTier + index, counts);
  }
  for (let index = 0; index < layout.demands; index++) state.add(layout.window(index) + ofWindow.drawn, countsOf(bench, step, configuration.demands[index]));
  for (let index = 0; index < layout.coincidents; index++) state.add(layout.window(layout.demands + index) + ofWindow.drawn, countsOf(bench, step, configuration.coincidents[index]?.quantity));
  if (profile) for (let channel = 0; channel < profile.size.channels; channel++) profile.add(channel, countsOf(bench, step, configuration.channels[channel]?.quantity));
}

function countsOf(bench: MeasuringBench, step: number, quantity: SelectedQuantity | undefined): number {
  if (!quantity) return 0;
  let counts = 0;
  for (const { place, sign } of quantity.terms) counts += sign * bench.count(step, place);
  return counts;
}
