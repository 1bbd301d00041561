import type { DecodedTable, FieldValue, Layout, MeterContext, TableId } from "@metersmith/tables";
import type { Collector } from "./collector.ts";
import { contradiction, readListStatus, type ListStatus } from "./list-status.ts";

/** One of the four load profile sets, as the meter has it. */
export interface ProfileSet {
  /** 1 to 4. */
  readonly set: number;
  /** Table of its blocks, 64 to 67. */
  readonly table: TableId;
  readonly layout: Layout;
  readonly blocks: number;
  /** Of a block. */
  readonly intervals: number;
  readonly intervalMinutes: number;
  readonly channels: readonly ProfileChannelRead[];
}

export interface ProfileChannelRead {
  /** Its source by table 16. */
  readonly source: number;
  /** What was multiplied and divided before a count was stored; 1 where the meter scales nothing. That this is their sense is unverified. */
  readonly scalar: number;
  readonly divisor: number;
}

export interface ProfileStatus extends ListStatus {
  /** Intervals in the newest block. */
  readonly newestIntervals: number;
  readonly intervalsDescending: boolean;
}

const statusTable = 63;
const controlTable = 62;
const dimensionTables = [61, 60];

/** The sets of this meter; those with no place for a block or an interval are left out. */
export async function profileSets(collector: Collector): Promise<ProfileSet[]> {
  const { context } = collector;
  const dimensions = dimensionTables.find((table) => context.has(table));
  if (dimensions === undefined || !context.has(statusTable) || !context.has(controlTable)) return [];
  const present = [1, 2, 3, 4].filter((set) => context.has(63 + set));
  if (present.length === 0) return [];
  collector.expect(2);
  const size = context.decode(dimensions, await collector.table(dimensions));
  const control = context.decode(controlTable, await collector.table(controlTable));
  return present.map((set) => setOf(context, set, size, control)).filter(({ blocks, intervals, channels }) => blocks > 0 && intervals > 0 && channels.length > 0);
}

function setOf(context: MeterContext, set: number, size: DecodedTable, control: DecodedTable): ProfileSet {
  const number = (field: string): number => Number(size.get(`${field}_SET${set}`));
  const list = (field: string): readonly FieldValue[] => (control.layout.part(field) ? (control.get(field) as readonly FieldValue[]) : []);
  const [scalars, divisors] = [list(`SCALARS_SET${set}`), list(`DIVISOR_SET${set}`)];
  return {
    set, table: 63 + set, layout: context.layout(63 + set), blocks: number("NBR_BLKS"), intervals: number("NBR_BLK_INTS"), intervalMinutes: number("MAX_INT_TIME"),
    channels: list(`LP_SEL_SET${set}`).map((selection, channel) => ({
      source: Number((selection as { readonly [field: string]: FieldValue })["LP_SOURCE_SELECT"]),
      scalar: Number(scalars[channel] ?? 1),
      divisor: Number(divisors[channel] ?? 1),
    })),
  };
}

/** What table 63 says of a set now. Throws `list-contradiction`. */
export async function readProfileStatus(collector: Collector, { set, blocks, intervals }: ProfileSet): Promise<ProfileStatus> {
  const { context } = collector;
  const prefix = `LP_STATUS_SET${set}`;
  const decoded = context.decode(statusTable, await collector.range(statusTable, 0, context.layout(statusTable).size));
  const fields = {
    flags: `${prefix}.LP_SET_STATUS_FLAGS`, valid: `${prefix}.NBR_VALID_BLOCKS`, last: `${prefix}.LAST_BLOCK_ELEMENT`,
    sequence: `${prefix}.LAST_BLOCK_SEQ_NBR`, unread: `${prefix}.NBR_UNREAD_BLOCKS`,
  };
  const status = readListStatus(decoded, fields, blocks);
  const newestIntervals = Number(decoded.get(`${prefix}.NBR_VALID_INT`));
  if (newestIntervals > intervals) throw contradiction(statusTable, `${prefix}.NBR_VALID_INT`, `at most ${intervals}, the intervals of a block`, newestIntervals);
  return { ...status, newestIntervals, intervalsDescending: decoded.get(`${fields.flags}.INTERVAL_ORDER`) === true };
}
