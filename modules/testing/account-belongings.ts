import { openDatabase } from "@metersmith/postgres/pool";
import { sql } from "kysely";
import type { LoginSession, Machine, Me } from "../identity/api/contract.ts";
import type { Belongings } from "./access-entry.ts";
import { newPublicKey } from "./machine-access.ts";
import type { Account, SiteUnderTest } from "./site-under-test.ts";

/** Somebody new in the inviting account's organization, signed in; the passkey is a row that no authenticator answers to. */
export async function accountBelongings(under: SiteUnderTest, inviting: Account): Promise<Pick<Belongings, "person" | "loginSession" | "passkey" | "machine" | "machineKey">> {
  const holder = await under.join(inviting, []);
  const { id: person } = (await holder.get("/api/v1/me")).body as Me;
  const { items } = (await holder.get("/api/v1/me/sessions")).body as { items: LoginSession[] };
  const owner = openDatabase<unknown>(under.ownerUrl, 1);
  try {
    const { rows } = await sql<{ id: string }>`
      insert into passkey (person_id, name, public_key, credential_id, device_type, backed_up)
      values (${person}, 'Key', '', ${person}, 'singleDevice', false) returning id`.execute(owner);
    const made = (await inviting.post("/api/v1/machines", { name: "Machine", roles: [], publicKey: newPublicKey() })).body as Machine;
    return { person, loginSession: items[0]?.id ?? "", passkey: rows[0]?.id ?? "", machine: made.id, machineKey: made.keys[0]?.id ?? "" };
  } finally {
    await owner.destroy();
  }
}
