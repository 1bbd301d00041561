import { decodeCbor } from "@metersmith/base/cbor";
import type { MeterMemory } from "../memory/meter-memory.ts";
import type { MeasuredState } from "./measured-state.ts";
import { head, ofDemand } from "./register-layout.ts";

/** Where it lay. */
export const earlierKey = "registers";

/** Counts of today in a watt-hour of then. */
const perWattHour = 1000;

/**
 * Registers as meters kept them before this form: a map in CBOR, watt-hours and watts. Their sums, demands and number of resets are taken over; what they kept of
 * earlier resets and of the load profile is not. False where the record is none of these, too.
 */
export function takeEarlierRecord(memory: MeterMemory, state: MeasuredState): boolean {
  const stored = recordIn(memory.read(earlierKey));
  const blocks = stored?.["blocks"];
  const { layout } = state;
  if (!stored || !Array.isArray(blocks) || blocks.length !== layout.blocks || !isNumber(stored["resets"]) || !isNumber(stored["to"])) return false;
  if (!blocks.every((block) => isBlock(block, layout.summations, layout.demands))) return false;
  state.set(head.to, stored["to"]);
  state.set(head.resets, stored["resets"] & 0xff);
  for (const [index, { summations, demands }] of (blocks as readonly EarlierBlock[]).entries()) {
    const block = layout.block(index);
    for (const [place, wattHours] of summations.entries()) state.set(block + place, Math.floor(wattHours * perWattHour));
    for (const [place, { watts, at, cumulative }] of demands.entries()) {
      const demand = layout.demand(block, place);
      state.set(demand + ofDemand.value, watts * perWattHour);
      state.set(demand + ofDemand.at, at ?? Number.NaN);
      state.set(demand + ofDemand.cumulative, cumulative * perWattHour);
    }
  }
  return true;
}

interface EarlierBlock {
  readonly summations: readonly number[];
  readonly demands: readonly { readonly watts: number; readonly at: number | null; readonly cumulative: number }[];
}

function recordIn(bytes: Uint8Array | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = bytes && decodeCbor(bytes);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function isBlock(value: unknown, summations: number, demands: number): value is EarlierBlock {
  if (typeof value !== "object" || value === null || !("summations" in value) || !("demands" in value)) return false;
  const sums = value.summations;
  if (!Array.isArray(sums) || sums.length !== summations || !sums.every(isNumber)) return false;
  return Array.isArray(value.demands) && value.demands.length === demands && value.demands.every(isDemand);
}

function isDemand(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("watts" in value) || !("at" in value) || !("cumulative" in value)) return false;
  return isNumber(value.watts) && isNumber(value.cumulative) && (value.at === null || (isNumber(value.at) && value.at <= 0xffff_ffff));
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;
