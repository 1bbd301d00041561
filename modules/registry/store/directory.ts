import { Failure } from "@metersmith/base/errors";
import type { SealedPlace, Sealing } from "@metersmith/node/sealing";
import type { Kysely } from "kysely";
import { hostAndPort, type MeterDirectory } from "../api/contract.ts";
import type { RegistryTables } from "./meters.ts";

/** Bound to the meter by what never changes of it: a sealed password that is put at another meter does not open there. */
export const passwordPlace = (manufacturer: string, serial: string): SealedPlace => ({ purpose: "meter programming password", of: JSON.stringify([manufacturer, serial]) });

export function meterDirectory(sealing: Sealing): MeterDirectory {
  return {
    async link(db, meterId) {
      const row = await (db as Kysely<RegistryTables>).selectFrom("meter").selectAll().where("public_id", "=", meterId).executeTakeFirst();
      if (!row) return undefined;
      const address = hostAndPort(row.address);
      if (!address) throw new Failure("bug", "address", `meter ${row.serial} is registered at “${row.address}”, which is no address`);
      return {
        key: row.id,
        id: row.public_id,
        serial: row.serial,
        manufacturer: row.manufacturer,
        deviceType: row.device_type,
        ...address,
        programmingPassword: sealing.open(row.sealed_password, passwordPlace(row.manufacturer, row.serial)),
      };
    },
    async seen(db, meterId, at) {
      await (db as Kysely<RegistryTables>).updateTable("meter").set({ last_seen_at: at }).where("public_id", "=", meterId).execute();
    },
  };
}
