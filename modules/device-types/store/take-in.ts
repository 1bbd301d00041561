import type { OpenedArchive } from "@metersmith/programs";
import { SiteError } from "@metersmith/site/problem";
import { type Kysely, sql, type Transaction } from "kysely";
import { versionOrder } from "../rules/version-order.ts";
import { inUse } from "./kept-versions.ts";
import type { KeptDeviceTypes } from "./kept-device-types.ts";
import type { DeviceTypeTables } from "./tables.ts";

/**
 * Keeps an archive that was opened and checked: whole, by its digest, in one statement of the asking transaction. The very archive again is no error and makes
 * nothing new. @throws SiteError `conflict` where a version has another content here, was withdrawn, or is older than the one in use.
 */
export async function takeIn(tx: Transaction<unknown>, kept: KeptDeviceTypes, archive: Uint8Array, opened: OpenedArchive, by: string): Promise<"new" | "here already"> {
  const { deviceType: { id, version, digest }, signedBy, archiveDigest } = opened;
  // Two that bring one type at once wait for each other: the second sees what the first left.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`device type ${id}`}, 0))`.execute(tx);
  const versions = await kept.versions(tx, id);
  const same = versions.find((one) => one.version === version);
  if (same?.withdrawn) throw refused(`${id} ${version} was withdrawn here by ${same.withdrawn.by}: ${same.withdrawn.reason}. A new version of it can be taken in.`);
  if (same && same.digest !== digest) throw refused(`This site has ${id} ${version} with another content (${same.digest}). A version stands for one content: raise it.`);
  if (same) return "here already";
  const current = inUse(versions).get(id);
  if (current && versionOrder(version, current.version) < 0) throw refused(`This site uses ${id} ${current.version}; ${version} is older.`);
  const others = current && (await kept.read(tx, current)).files.manifest.manufacturer.code;
  if (others !== undefined && others !== signedBy.code) throw refused(`${id} is a type of ${others} here; this archive is ${signedBy.code}'s. Its id has to be another one.`);
  await (tx as Kysely<unknown> as Kysely<DeviceTypeTables>)
    .insertInto("device_type_archive")
    .values({
      type_id: id, version, type_digest: digest, archive_digest: archiveDigest, archive: Buffer.from(archive),
      manufacturer_code: signedBy.code, manufacturer_name: signedBy.name, public_key: Buffer.from(signedBy.publicKey), received_by: by,
    })
    .execute();
  return "new";
}

/** Takes a version out of use for good; what was built with it stays readable. @throws SiteError `conflict` where it cannot be. */
export async function withdraw(tx: Transaction<unknown>, kept: KeptDeviceTypes, id: string, version: string, reason: string, by: string): Promise<string> {
  const found = (await kept.versions(tx, id)).find((one) => one.version === version);
  if (!found) throw new SiteError(404, "not-found", `This site has no version ${version} of ${id}.`);
  if (found.archive === null) throw refused(`${id} ${version} came with the software and cannot be withdrawn here. Take in a newer version of it.`);
  if (found.withdrawn) throw refused(`${id} ${version} was withdrawn already, by ${found.withdrawn.by}.`);
  await (tx as Kysely<unknown> as Kysely<DeviceTypeTables>)
    .insertInto("device_type_withdrawal")
    .columns(["archive_id", "by_name", "reason"])
    .expression((from) => from.selectFrom("device_type_archive").select(["id", sql<string>`${by}`.as("by_name"), sql<string>`${reason}`.as("reason")]).where("archive_digest", "=", found.archive))
    .execute();
  return found.digest;
}

function refused(message: string): SiteError {
  return new SiteError(409, "conflict", message);
}
