import type { FieldValue, MeterContext } from "@metersmith/tables";
import type { Configuration } from "../configuration/configuration.ts";
import { civilText } from "../time/civil-date.ts";
import { listIn, member } from "../tree-access.ts";
import type { PreviousReset, RegisterBlock, RegisterState } from "./register-state.ts";
import { registerReading } from "./selected-quantity.ts";

/** Table 23. */
export function currentRegisters(context: MeterContext, { resets, blocks }: RegisterState, configuration: Configuration): Uint8Array {
  return context.encode(23, shownRegisters(resets, blocks, configuration));
}

/** Table 25: zeros before the first demand reset. */
export function previousRegisters(context: MeterContext, previous: PreviousReset | null, configuration: Configuration): Uint8Array {
  if (previous === null) return context.encode(25, {});
  const { at, season, resets, blocks } = previous;
  return context.encode(25, { REGISTER_INFO: { END_DATE_TIME: civilText(at).slice(0, 16), SEASON: season }, REGISTER_DATA: shownRegisters(resets, blocks, configuration) });
}

/** Registers of a meter that has measured nothing, of the model's dimensions. */
export function blankRegisters(context: MeterContext, hostSeconds: number): RegisterState {
  const template = context.decode(23, context.encode(23, {})).tree();
  const total = member(template, "TOT_DATA_BLOCK");
  const demands = listIn(total, "DEMANDS").length;
  const block = (): RegisterBlock => ({
    summations: listIn(total, "SUMMATIONS").map(() => 0),
    demands: Array.from({ length: demands }, () => ({ watts: 0, at: null, cumulative: 0 })),
  });
  return { to: hostSeconds, resets: 0, intervals: Array.from({ length: demands }, () => 0), blocks: [block(), ...listIn(template, "TIER_DATA_BLOCK").map(block)], previous: null };
}

function shownRegisters(resets: number, blocks: readonly RegisterBlock[], configuration: Configuration): FieldValue {
  const [total, ...tiers] = blocks.map((block) => shownBlock(block, configuration));
  return { NBR_DEMAND_RESETS: resets, TOT_DATA_BLOCK: total ?? {}, TIER_DATA_BLOCK: tiers };
}

function shownBlock({ summations, demands }: RegisterBlock, configuration: Configuration): FieldValue {
  return {
    SUMMATIONS: summations.map((value, index) => registerReading(value, configuration.summations[index])),
    DEMANDS: demands.map(({ watts, at, cumulative }, index) => ({
      ...(at === null ? {} : { EVENT_TIME: [civilText(at).slice(0, 16)] }),
      CUM_DEMAND: registerReading(cumulative, configuration.demands[index]),
      DEMAND: [registerReading(watts, configuration.demands[index])],
    })),
  };
}
