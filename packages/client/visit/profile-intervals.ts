import { concatBytes } from "@metersmith/base/bytes";
import type { DecodedTable, FieldValue, MeterContext } from "@metersmith/tables";
import type { ProfileChannelRead, ProfileSet } from "./profile-set.ts";
import type { BlockOctets, ProfileOctets } from "./read-profile.ts";

/** What held for all channels during an interval (facts ST64, extended status). */
export type IntervalFlag = "daylight-saving" | "power-failed" | "clock-forward" | "clock-back";
/** What is to be said of one channel's value (facts ST64). */
export type ChannelStatus = "overflow" | "partial" | "long" | "skipped" | "test-mode" | "configuration-changed" | "stopped" | `code-${number}`;

export interface IntervalRead {
  /** When it ended, by the meter's clock, without a zone: counted back from its block's end. Absent where that is no time. */
  readonly ends?: string;
  /** Counts by channel, as stored. */
  readonly counts: readonly number[];
  /** Empty where nothing is to be said; as the meter says, where it says so (EXTENDED_INT_STATUS). */
  readonly flags: readonly IntervalFlag[];
  /** By channel; null for a value without remark. */
  readonly status: readonly (ChannelStatus | null)[];
}

export interface BlockRead {
  readonly number: number;
  /** End of the newest interval, by the meter's clock; empty where the octets hold no time. */
  readonly ends: string;
  readonly finished: boolean;
  /** Register readings at that end, by channel; empty where the meter keeps none. */
  readonly readings: readonly number[];
  /** Oldest first; the ones that an earlier visit read are left out. */
  readonly intervals: readonly IntervalRead[];
}

export interface ProfileRead {
  /** 1 to 4. */
  readonly set: number;
  readonly intervalMinutes: number;
  readonly channels: readonly ProfileChannelRead[];
  readonly blocks: readonly BlockRead[];
  /** Blocks that the meter dropped before they were read. */
  readonly lost: number;
}

const flagNames: readonly IntervalFlag[] = ["daylight-saving", "power-failed", "clock-forward", "clock-back"];
const statusNames: readonly (ChannelStatus | null)[] = [null, "overflow", "partial", "long", "skipped", "test-mode", "configuration-changed", "stopped"];

/** Blocks by the meter's layout. */
export function decodeProfile(context: MeterContext, set: ProfileSet, { blocks, lost }: ProfileOctets): ProfileRead {
  return { set: set.set, intervalMinutes: set.intervalMinutes, channels: set.channels, blocks: blocks.map((block) => decodeBlock(context, set, block)), lost };
}

function decodeBlock(context: MeterContext, set: ProfileSet, { number, octets, from, count, finished }: BlockOctets): BlockRead {
  // The layout of a block does not depend on its place: decoded in the first one.
  const table = context.decode(set.table, concatBytes(octets, new Uint8Array(set.layout.size - octets.length)));
  const block = `LP_DATA_SET${set.set}[0]`;
  const ends = String(table.get(`${block}.BLK_END_TIME`));
  const end = Date.parse(`${ends}Z`);
  const intervals: IntervalRead[] = [];
  for (let index = from; index < count; index++) {
    const ended = end - (count - 1 - index) * set.intervalMinutes * 60_000;
    const interval = decodeInterval(table, `${block}.LP_INT[${index}]`, set.channels.length);
    intervals.push(Number.isNaN(ended) ? interval : { ends: new Date(ended).toISOString().slice(0, 19), ...interval });
  }
  return { number, ends, finished, readings: readingsIn(table, block), intervals: withoutUnused(intervals) };
}

/** A block that ended early (the clock was set) says of its last places that recording had stopped: they are no intervals. */
function withoutUnused(intervals: readonly IntervalRead[]): IntervalRead[] {
  const last = intervals.findLastIndex(({ status }) => !status.every((one) => one === "stopped"));
  return intervals.slice(0, last + 1);
}

function decodeInterval(table: DecodedTable, path: string, channels: number): IntervalRead {
  const tree = table.get(path) as { readonly [field: string]: FieldValue };
  const counts = ((tree["INT_DATA"] ?? []) as readonly FieldValue[]).map(Number);
  const octets = ((tree["EXTENDED_INT_STATUS"] ?? []) as readonly FieldValue[]).map(Number);
  if (octets.length === 0) return { counts, flags: [], status: counts.map(() => null) };
  const common = (octets[0] ?? 0) >> 4;
  // Channel 1 lies in the low half of the first octet, 2 and 3 in the high and low halves of the second, and so on.
  const code = (channel: number): number => ((octets[(channel + 1) >> 1] ?? 0) >> (channel % 2 === 0 ? 0 : 4)) & 15;
  return {
    counts,
    flags: flagNames.filter((_, bit) => (common >> bit) & 1),
    status: Array.from({ length: channels }, (_, channel) => {
      const name = statusNames[code(channel)];
      return name === undefined ? (`code-${code(channel)}` as const) : name;
    }),
  };
}

function readingsIn(table: DecodedTable, block: string): number[] {
  const path = `${block}.END_READINGS`;
  if (!table.layout.part(path)) return [];
  return (table.get(path) as readonly { readonly [field: string]: FieldValue }[]).flatMap((reading) => (reading["BLK_END_READ"] === undefined ? [] : [Number(reading["BLK_END_READ"])]));
}
