import { equalBytes } from "@metersmith/base/bytes";
import { PsemError, type C1218Client, type PsemClient } from "@metersmith/psem";
import { indicesOf, octetsOfIndices } from "@metersmith/tables";
import { ClientError } from "./client-error.ts";
import type { TableField } from "./table-field.ts";
import type { Waiting, WriteProgress } from "./waiting.ts";

/** The link's services by index; undefined where it has none (C12.22 links, some meters). */
export function indexServices(psem: PsemClient): Pick<C1218Client, "readIndex" | "writeIndex"> | undefined {
  return "readIndex" in psem && "writeIndex" in psem ? (psem as C1218Client) : undefined;
}

/** Where a field lies for index access: of a sub-field, its whole bit field. */
export interface IndexedPlace {
  readonly indices: readonly number[];
  readonly offset: number;
  readonly octets: number;
}

/** Undefined for the whole table. */
export function indexedPlace({ layout, path }: TableField): IndexedPlace | undefined {
  if (path === "") return undefined;
  const indices = indicesOf(layout, path);
  const span = octetsOfIndices(layout, indices);
  return span && { indices, ...span };
}

/** The octets of one field by its index list; undefined where the meter does not know the service after all (`sns`). */
export async function readByIndex(psem: PsemClient, { table, layout, path }: TableField, place: IndexedPlace, options: Waiting): Promise<Uint8Array | undefined> {
  const bytes = await unlessUnknown(() => indexServices(psem)?.readIndex(table, place.indices, 1, options));
  if (bytes && bytes.length !== place.octets) {
    throw new ClientError("peer-data", "wrong-length", `Table ${table} (${layout.name}), ${path}: read by index the meter gave ${bytes.length} octets; its dimensions give ${place.octets}.`, { table, field: path, expected: place.octets, actual: bytes.length });
  }
  return bytes;
}

/** Writes the octets of one field by its index list where they differ. Resolves with the octets written. */
export async function writeByIndex(psem: PsemClient, field: TableField, before: Uint8Array, target: Uint8Array, options: WriteProgress): Promise<number> {
  const place = indexedPlace(field);
  if (!place) return 0;
  const end = place.offset + place.octets;
  const range = { table: field.table, offset: place.offset, bytes: target.slice(place.offset, end) };
  if (equalBytes(range.bytes, before.subarray(place.offset, end))) return 0;
  options.signal?.throwIfAborted();
  options.onSending?.(range);
  const done = await unlessUnknown(async () => (await indexServices(psem)?.writeIndex(field.table, place.indices, range.bytes), true));
  if (!done) {
    throw new ClientError("peer-refused", "no-offset-access", `Table ${field.table}, ${field.path}: the meter gives fields by index and does not take them (sns). Write the whole table.`, { table: field.table, field: field.path });
  }
  options.onWritten?.(range);
  return range.bytes.length;
}

/** A refusal of the service itself, which leaves the meter as it was. */
async function unlessUnknown<Value>(call: () => Promise<Value> | undefined): Promise<Value | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof PsemError && error.code === "sns") return undefined;
    throw error;
  }
}
