import { toHex } from "@metersmith/base/bytes";
import { keyIdOf } from "@metersmith/base/ed25519";
import type { DeviceType } from "@metersmith/programs";
import type { Kysely, Selectable } from "kysely";
import type { DeviceTypeOrigin, DeviceTypeVersion } from "../api/contract.ts";
import { versionOrder } from "../rules/version-order.ts";
import type { DeviceTypeTables } from "./tables.ts";

/** One version of a type as the site has it; `archive` names it where it was received. */
export interface KeptVersion extends Omit<DeviceTypeVersion, "inUse"> {
  readonly id: string;
  readonly archive: string | null;
}

const columns = [
  "device_type_archive.archive_digest", "type_id", "version", "type_digest", "manufacturer_code", "manufacturer_name", "public_key", "received_at", "received_by", "at", "by_name", "reason",
] as const;

type Row = Pick<Selectable<DeviceTypeTables["device_type_archive"]>, "archive_digest" | "type_id" | "version" | "type_digest" | "manufacturer_code" | "manufacturer_name" | "public_key" | "received_at" | "received_by"> & {
  readonly at: Date | null;
  readonly by_name: string | null;
  readonly reason: string | null;
};

/**
 * All versions of the site, newest first: those received, and those installed with the software. One version received and installed with different contents is
 * the received one, which somebody signed.
 */
export async function keptVersions(db: Kysely<DeviceTypeTables>, installed: ReadonlyMap<string, DeviceType>, id?: string): Promise<KeptVersion[]> {
  let query = db.selectFrom("device_type_archive").leftJoin("device_type_withdrawal", "archive_id", "device_type_archive.id").select(columns);
  if (id !== undefined) query = query.where("type_id", "=", id);
  const received = (await query.execute()).map(versionOf);
  const known = new Set(received.map((one) => `${one.id} ${one.version}`));
  const own = [...installed.values()]
    .filter((type) => (id === undefined || type.id === id) && !known.has(`${type.id} ${type.version}`))
    .map((type): KeptVersion => ({ id: type.id, version: type.version, digest: type.digest, archive: null, origin: { kind: "installed" }, withdrawn: null }));
  return [...received, ...own].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : versionOrder(b.version, a.version)));
}

/** The version in use of every id: the newest that was not withdrawn. */
export function inUse(versions: readonly KeptVersion[]): ReadonlyMap<string, KeptVersion> {
  const current = new Map<string, KeptVersion>();
  for (const version of versions) if (version.withdrawn === null && !current.has(version.id)) current.set(version.id, version);
  return current;
}

function versionOf(row: Row): KeptVersion {
  const { at, by_name: by, reason } = row;
  const origin: DeviceTypeOrigin = {
    kind: "received",
    at: row.received_at.toISOString(),
    by: row.received_by,
    archiveDigest: row.archive_digest,
    signedBy: { code: row.manufacturer_code, name: row.manufacturer_name, keyId: toHex(keyIdOf(row.public_key)) },
  };
  return {
    id: row.type_id, version: row.version, digest: row.type_digest, archive: row.archive_digest, origin,
    withdrawn: at && by !== null && reason !== null ? { at: at.toISOString(), by, reason } : null,
  };
}
