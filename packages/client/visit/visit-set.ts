import type { DecodedTable, TableId } from "@metersmith/tables";
import type { MeterClient } from "../meter-client.ts";
import { Collector, type ReadingOptions } from "./collector.ts";
import type { VisitPosition } from "./position.ts";
import { decodeProfile, type ProfileRead } from "./profile-intervals.ts";
import { profileSets } from "./profile-set.ts";
import { readEvents, type MeterEventRead } from "./read-events.ts";
import { readProfile } from "./read-profile.ts";

export interface Visit {
  /** `MANUFACTURER MODEL SERIAL` of table 1. */
  readonly meter: string;
  /** Identity (1, 5), status (3, 52, 55), registers (23) and those at the previous demand reset (25): the ones that the meter has. */
  readonly tables: ReadonlyMap<TableId, DecodedTable>;
  /** Absent where the meter keeps no event log. */
  readonly events?: { readonly events: readonly MeterEventRead[]; readonly lost: number };
  readonly profile: readonly ProfileRead[];
  /** Where the next visit begins. */
  readonly position: VisitPosition;
}

const identityTables: readonly TableId[] = [1, 5];
/** What a meter says of itself now: an interrupted visit that goes on reads it again. */
const currentTables: readonly TableId[] = [3, 52, 55, 23, 25];

/**
 * What a head-end fetches on each visit: identity, status, registers, previous reset, and of events and load profile only what came after `since`.
 * Moves no list pointer (`acknowledge` does). Rejects as `other-meter`, `list-contradiction`, `sequence-backwards`, `list-moving`, and as the link and
 * the definitions do; interrupted, it goes on from the last progress' `soFar`, without loss and without anything twice.
 */
export async function visitSet(meter: MeterClient, since: VisitPosition | undefined, options: ReadingOptions = {}): Promise<Visit> {
  const collector = await Collector.of(meter, options, since?.meter);
  const { context } = collector;
  const present = [...identityTables, ...currentTables].filter((table) => context.has(table));
  collector.expect(present.length);
  const tables = new Map<TableId, DecodedTable>();
  for (const table of present) tables.set(table, context.decode(table, await collector.table(table, currentTables.includes(table))));
  const log = await readEvents(collector, since?.events);
  const profile: ProfileRead[] = [];
  const marks: { [set: string]: { block: number; intervals: number } } = {};
  for (const set of await profileSets(collector)) {
    const octets = await readProfile(collector, set, since?.profile?.[set.set]);
    profile.push(decodeProfile(context, set, octets));
    const { sequence, valid, newestIntervals } = octets.status;
    // Of an empty list all is read that there ever was.
    marks[set.set] = { block: sequence, intervals: valid === 0 ? set.intervals : newestIntervals };
  }
  return {
    meter: collector.name, tables, profile,
    ...(log ? { events: { events: log.events, lost: log.lost } } : {}),
    position: { meter: collector.name, ...(log ? { events: log.status.sequence } : {}), ...(profile.length > 0 ? { profile: marks } : {}) },
  };
}
