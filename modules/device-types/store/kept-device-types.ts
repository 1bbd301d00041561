import { Failure } from "@metersmith/base/errors";
import { type DeviceType, ManufacturerTrust, openArchive } from "@metersmith/programs";
import type { Kysely } from "kysely";
import type { DeviceTypes } from "../api/contract.ts";
import { inUse, type KeptVersion, keptVersions } from "./kept-versions.ts";
import type { DeviceTypeTables } from "./tables.ts";

/** Opened archives that are kept at hand; a site has tens of types. */
const MOST_OPEN = 64;

/**
 * The device types of a site: those installed with the software, and those in its database. The database is asked each time, in the asking transaction, so
 * that what any process of the site took in or withdrew counts at once; only the reading of an archive, which never changes, is done once.
 */
export class KeptDeviceTypes implements DeviceTypes {
  readonly installed: ReadonlyMap<string, DeviceType>;
  readonly #open = new Map<string, DeviceType>();

  constructor(installed: ReadonlyMap<string, DeviceType>) {
    this.installed = installed;
  }

  /** Every version, newest first; of one id where it is given. */
  versions(db: Kysely<unknown>, id?: string): Promise<KeptVersion[]> {
    return keptVersions(db, this.installed, id);
  }

  async ids(db: Kysely<unknown>): Promise<readonly string[]> {
    return [...inUse(await this.versions(db)).keys()];
  }

  async inUse(db: Kysely<unknown>, id: string): Promise<DeviceType | undefined> {
    const version = inUse(await this.versions(db, id)).get(id);
    return version && this.read(db, version);
  }

  async newest(db: Kysely<unknown>, id: string): Promise<DeviceType | undefined> {
    const versions = await this.versions(db, id);
    const version = versions.find(({ withdrawn }) => withdrawn === null) ?? versions[0];
    return version && this.read(db, version);
  }

  async exactly(db: Kysely<unknown>, digest: string): ReturnType<DeviceTypes["exactly"]> {
    const version = (await this.versions(db)).find((one) => one.digest === digest);
    return version && { type: await this.read(db, version), withdrawn: version.withdrawn };
  }

  /** A version that the site has, read: an archive is verified again with the key that it was taken in by. */
  async read(db: Kysely<unknown>, { id, archive }: KeptVersion): Promise<DeviceType> {
    const known = archive === null ? this.installed.get(id) : this.#open.get(archive);
    if (known) return known;
    const row = await (db as Kysely<DeviceTypeTables>)
      .selectFrom("device_type_archive")
      .select(["archive", "manufacturer_code", "manufacturer_name", "public_key", "received_at"])
      .where("archive_digest", "=", archive ?? "")
      .executeTakeFirst();
    if (!row) throw new Failure("bug", "device-type-lost", `The device type ${id} is on record, and its archive is not there.`);
    const trust = new ManufacturerTrust([{ code: row.manufacturer_code, name: row.manufacturer_name, publicKey: plain(row.public_key) }]);
    const { deviceType, archiveDigest } = openArchive(plain(row.archive), trust, row.received_at.getTime() / 1000);
    for (const oldest of this.#open.keys()) {
      if (this.#open.size < MOST_OPEN) break;
      this.#open.delete(oldest);
    }
    this.#open.set(archiveDigest, deviceType);
    return deviceType;
  }
}

/** The driver's `Buffer` as what it holds. */
function plain(octets: Uint8Array): Uint8Array {
  return new Uint8Array(octets);
}
