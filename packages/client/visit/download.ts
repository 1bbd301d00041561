import { isFailure } from "@metersmith/base/errors";
import type { FieldValue, TableId } from "@metersmith/tables";
import type { MeterClient } from "../meter-client.ts";
import { Collector, type ReadingOptions } from "./collector.ts";
import { placeOf } from "./list-status.ts";
import { profileSets, type ProfileSet } from "./profile-set.ts";
import { blockSize, readProfile } from "./read-profile.ts";

export interface Download {
  /** `MANUFACTURER MODEL SERIAL` of table 1. */
  readonly meter: string;
  /** Whole tables. Of a load profile the valid blocks, each in its place; the rest is zero. */
  readonly images: ReadonlyMap<TableId, Uint8Array>;
  /** Tables that the meter lists and did not give. */
  readonly refused: readonly RefusedTable[];
}

export interface RefusedTable {
  readonly table: TableId;
  /** A response code of the meter, or `no-offset-access`. */
  readonly code: string;
  readonly message: string;
}

/** Tables 7 and 8 are the two ends of a procedure, not data. */
const noData: ReadonlySet<TableId> = new Set([7, 8]);

/**
 * Every table that the meter lists, as octets, also those without a definition. A table that the password does not open is listed as refused and the
 * rest goes on. Interrupted, it goes on from the last progress' `soFar`: tables and finished blocks that are there are not read again.
 */
export async function downloadEverything(meter: MeterClient, options: ReadingOptions = {}): Promise<Download> {
  const collector = await Collector.of(meter, options);
  collector.expect(1);
  const general = collector.context.decode(0, await collector.table(0));
  const numbers = (field: string): TableId[] => ((general.layout.part(field) ? general.get(field) : []) as readonly FieldValue[]).map(Number);
  const listed = [...numbers("STD_TBLS_USED"), ...numbers("MFG_TBLS_USED").map((table) => table + 2048)].filter((table) => table !== 0 && !noData.has(table));
  const images = new Map<TableId, Uint8Array>([[0, await collector.table(0)]]);
  const refused: RefusedTable[] = [];
  const unlessRefused = async (table: TableId, read: () => Promise<Uint8Array>): Promise<void> => {
    try {
      images.set(table, await read());
    } catch (error) {
      if (!isFailure(error) || error.kind !== "peer-refused") throw error;
      refused.push({ table, code: error.code, message: error.message });
    }
  };

  const profiles = new Map((await profileSets(collector)).map((set) => [set.table, set]));
  collector.expect(listed.length - profiles.size);
  for (const table of listed) {
    const set = profiles.get(table);
    await unlessRefused(table, () => (set ? profileImage(collector, set) : collector.table(table)));
  }
  return { meter: collector.name, images, refused };
}

async function profileImage(collector: Collector, set: ProfileSet): Promise<Uint8Array> {
  const { blocks, status } = await readProfile(collector, set, undefined);
  const image = new Uint8Array(set.layout.size);
  const start = set.layout.part(`LP_DATA_SET${set.set}`)?.offset ?? 0;
  for (const { number, octets } of blocks) image.set(octets, start + placeOf(status, number) * blockSize(set));
  return image;
}
