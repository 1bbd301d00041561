import { openDatabase } from "@metersmith/postgres/pool";
import { sql } from "kysely";
import type { LoginSession, Me } from "../identity/api/contract.ts";
import type { Belongings } from "./access-entry.ts";
import type { Account, SiteUnderTest } from "./site-under-test.ts";

/** Somebody new in the inviting account's organization, signed in; the passkey is a row that no authenticator answers to. */
export async function accountBelongings(under: SiteUnderTest, inviting: Account): Promise<Pick<Belongings, "person" | "loginSession" | "passkey">> {
  const holder = await under.join(inviting, []);
  const { id: person } = (await holder.get("/api/v1/me")).body as Me;
  const { items } = (await holder.get("/api/v1/me/sessions")).body as { items: LoginSession[] };
  const owner = openDatabase<unknown>(under.ownerUrl, 1);
  try {
    const { rows } = await sql<{ id: string }>`
      insert into passkey (person_id, name, public_key, credential_id, device_type, backed_up)
      values (${person}, 'Key', '', ${person}, 'singleDevice', false) returning id`.execute(owner);
    return { person, loginSession: items[0]?.id ?? "", passkey: rows[0]?.id ?? "" };
  } finally {
    await owner.destroy();
  }
}
