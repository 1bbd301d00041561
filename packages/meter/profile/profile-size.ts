import type { MeterContext } from "@metersmith/tables";
import { numberIn } from "../tree-access.ts";
import { ofProfile } from "./profile-state.ts";

/** Dimensions of load profile set 1, and the room that its state takes. */
export interface ProfileSize {
  readonly blocks: number;
  /** Of a block. */
  readonly intervals: number;
  readonly channels: number;
  readonly intervalSeconds: number;
  /** Numbers of its state. */
  readonly cells: number;
  /** Octets of the block under way: by interval the counts (u32 a channel), then by interval the flags, then the status (u8 a channel). */
  readonly octets: number;
}

/** By table 61; undefined for a meter without a load profile. */
export function profileSize(context: MeterContext, dimensions: Uint8Array | undefined): ProfileSize | undefined {
  if (!dimensions || !context.has(61) || !context.has(64)) return undefined;
  const tree = context.decode(61, dimensions).tree();
  const [blocks, intervals, channels] = [numberIn(tree, "NBR_BLKS_SET1"), numberIn(tree, "NBR_BLK_INTS_SET1"), numberIn(tree, "NBR_CHNS_SET1")];
  const intervalSeconds = numberIn(tree, "MAX_INT_TIME_SET1") * 60;
  if (![blocks, intervals, channels, intervalSeconds].every((dimension) => dimension > 0)) return undefined;
  const octets = intervals * (channels * 4 + 1 + channels);
  return { blocks, intervals, channels, intervalSeconds, cells: ofProfile.length + channels * 3, octets: Math.ceil(octets / 8) * 8 };
}
