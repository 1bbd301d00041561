import type { Generated, GeneratedAlways, Kysely, Selectable, Transaction } from "kysely";
import { SiteError } from "@metersmith/site/problem";
import type { Meter } from "../api/contract.ts";

export interface RegistryTables {
  meter: {
    id: GeneratedAlways<string>;
    public_id: GeneratedAlways<string>;
    manufacturer: string;
    serial: string;
    device_type: string;
    address: string;
    service_point: string | null;
    sealed_password: string;
    registered_at: Generated<Date>;
    last_seen_at: Date | null;
  };
}

const columns = [
  "public_id",
  "manufacturer",
  "serial",
  "device_type",
  "address",
  "service_point",
  "registered_at",
  "last_seen_at",
] as const;

type MeterRow = Pick<Selectable<RegistryTables["meter"]>, (typeof columns)[number]>;

const meterOf = (row: MeterRow): Meter => ({
  id: row.public_id,
  manufacturer: row.manufacturer,
  serial: row.serial,
  deviceType: row.device_type,
  address: row.address,
  servicePoint: row.service_point,
  registeredAt: row.registered_at.toISOString(),
  lastSeenAt: row.last_seen_at?.toISOString() ?? null,
});

/** In order of registration, `limit` at most, those after the one whose key is given. */
export async function listMeters(db: Kysely<RegistryTables>, limit: number, afterKey?: string): Promise<Meter[]> {
  let query = db.selectFrom("meter").select(columns).orderBy("id").limit(limit);
  if (afterKey !== undefined) query = query.where("id", ">", afterKey);
  return (await query.execute()).map(meterOf);
}

export async function findMeter(db: Kysely<RegistryTables>, id: string): Promise<Meter | undefined> {
  const row = await db.selectFrom("meter").select(columns).where("public_id", "=", id).executeTakeFirst();
  return row && meterOf(row);
}

export type NewMeter = Pick<RegistryTables["meter"], "manufacturer" | "serial" | "device_type" | "address" | "service_point" | "sealed_password">;

/**
 * Registers all or none. A meter known already keeps its identity; where it answers and its password are brought up to date.
 * @throws SiteError `conflict` where one is known as another type: a meter does not change its type.
 */
export async function registerMeters(tx: Transaction<RegistryTables>, meters: readonly NewMeter[]): Promise<Meter[]> {
  const registered = await upsert(tx, meters);
  const typeOf = new Map(meters.map((one) => [`${one.manufacturer} ${one.serial}`, one.device_type]));
  const otherType = registered.find((one) => typeOf.get(`${one.manufacturer} ${one.serial}`) !== one.deviceType);
  if (otherType) {
    throw new SiteError(409, "conflict", `Meter ${otherType.serial} is registered as ${otherType.deviceType}. Nothing was registered.`);
  }
  return registered;
}

async function upsert(db: Kysely<RegistryTables>, meters: readonly NewMeter[]): Promise<Meter[]> {
  const rows = await db
    .insertInto("meter")
    .values([...meters])
    .onConflict((conflict) =>
      conflict.columns(["manufacturer", "serial"]).doUpdateSet((eb) => ({
        address: eb.ref("excluded.address"),
        sealed_password: eb.ref("excluded.sealed_password"),
        service_point: eb.fn.coalesce("excluded.service_point", "meter.service_point"),
      })),
    )
    .returning(columns)
    .execute();
  return rows.map(meterOf);
}
