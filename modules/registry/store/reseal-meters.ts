import type { Sealing } from "@metersmith/node/sealing";
import type { Transaction } from "kysely";
import { passwordPlace } from "./directory.ts";
import type { RegistryTables } from "./meters.ts";

const AT_ONCE = 500;

/** Seals some meters' passwords anew that are sealed with an earlier key, or as the first version did; gives how many. */
export async function resealMeters(db: Transaction<unknown>, sealing: Sealing): Promise<number> {
  const tx = db as Transaction<RegistryTables>;
  const rows = await tx
    .selectFrom("meter")
    .select(["id", "manufacturer", "serial", "sealed_password"])
    .where("sealed_password", "not like", `${sealing.current}%`)
    .orderBy("id")
    .limit(AT_ONCE)
    .forUpdate()
    .execute();
  for (const { id, manufacturer, serial, sealed_password } of rows) {
    const place = passwordPlace(manufacturer, serial);
    await tx.updateTable("meter").set({ sealed_password: sealing.seal(sealing.open(sealed_password, place), place) }).where("id", "=", id).execute();
  }
  return rows.length;
}
