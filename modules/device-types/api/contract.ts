import { isPlainText } from "@metersmith/base/plain-text";
import type { DeviceType } from "@metersmith/programs";
import type { Kysely } from "kysely";
import { z } from "zod";

/** How a device type came to this site: with the software, or as an archive that its manufacturer signed. */
export const deviceTypeOrigin = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("installed") }),
  z.object({
    kind: z.literal("received"),
    at: z.iso.datetime(),
    by: z.string(),
    /** Of the archive's octets. */
    archiveDigest: z.string(),
    signedBy: z.object({ code: z.string(), name: z.string(), keyId: z.string() }),
  }),
]);
export type DeviceTypeOrigin = z.infer<typeof deviceTypeOrigin>;

export const deviceTypeWithdrawal = z.object({ at: z.iso.datetime(), by: z.string(), reason: z.string() });
export type DeviceTypeWithdrawal = z.infer<typeof deviceTypeWithdrawal>;

/** A device type in use: the newest version that was not withdrawn. */
export const deviceTypeSummary = z.object({
  id: z.string(),
  name: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  version: z.string(),
  digest: z.string(),
  /** What the type holds, e.g. "seasons": 4. */
  limits: z.record(z.string(), z.number()),
  origin: deviceTypeOrigin,
});
export type DeviceTypeSummary = z.infer<typeof deviceTypeSummary>;

/** One version that this site has or had, with how it came and went. */
export const deviceTypeVersion = z.object({
  version: z.string(),
  digest: z.string(),
  origin: deviceTypeOrigin,
  withdrawn: deviceTypeWithdrawal.nullable(),
  inUse: z.boolean(),
});
export type DeviceTypeVersion = z.infer<typeof deviceTypeVersion>;

const tableUse = z.object({ table: z.number().int(), name: z.string(), what: z.string() });

export const deviceTypeDetail = deviceTypeSummary.omit({ origin: true }).extend({
  about: z.string(),
  commodity: z.string(),
  /** Newest first. */
  versions: z.array(deviceTypeVersion),
  /** What it measures, in the trade's words. */
  measures: z.array(z.object({ quantity: z.string(), unit: z.string() })),
  tables: z.object({ written: z.array(tableUse), checked: z.array(tableUse), neverWritten: z.array(tableUse) }),
  roles: z.array(z.object({ role: z.string(), about: z.string(), setClock: z.boolean(), tables: z.array(z.number().int()) })),
  /** For which releases of hardware and firmware it speaks; empty: for all. */
  releases: z.array(z.object({ what: z.enum(["hardware", "firmware"]), range: z.string() })),
  /** Titles of tables and fields that the standard does not name. */
  ownTables: z.array(z.object({ table: z.number().int(), title: z.string(), fields: z.array(z.object({ field: z.string(), title: z.string() })) })),
});
export type DeviceTypeDetail = z.infer<typeof deviceTypeDetail>;

/** Device types are named by their own id. */
export const byTypeId = z.object({ id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "expected the id of a device type") });

const plainReason = z.string().trim().min(1).max(500).refine(isPlainText, "text without control characters");

export const withdrawDeviceType = z.strictObject({ version: z.string().max(20), reason: plainReason });

/** A manufacturer whose archives this site takes, by a key that its operator put into the site's folder. */
export const trustedManufacturer = z.object({
  code: z.string(),
  name: z.string(),
  keyId: z.string(),
  from: z.iso.datetime().nullable(),
  until: z.iso.datetime().nullable(),
});
export type TrustedManufacturerView = z.infer<typeof trustedManufacturer>;

/** An archive's media type (RFC 9052 §10.2). */
export const ARCHIVE_TYPE = "application/cose";

/** What the site's device types are to other modules, inside their transactions. */
export interface DeviceTypes {
  /** Ids of the types in use. */
  ids(db: Kysely<unknown>): Promise<readonly string[]>;
  /** The type in use under an id: its newest version that was not withdrawn. */
  inUse(db: Kysely<unknown>, id: string): Promise<DeviceType | undefined>;
  /** Exactly this content, whatever came after it, and whether it was withdrawn. */
  exactly(db: Kysely<unknown>, digest: string): Promise<{ readonly type: DeviceType; readonly withdrawn: DeviceTypeWithdrawal | null } | undefined>;
  /** The newest version under an id, in use or withdrawn: enough to read meters with. */
  newest(db: Kysely<unknown>, id: string): Promise<DeviceType | undefined>;
}
