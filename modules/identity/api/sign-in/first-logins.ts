import type { FirstLogin } from "@metersmith/site/site-config";
import type { Kysely } from "kysely";
import type { IdentityTables } from "../../store/tables.ts";
import type { SignIn } from "./engine.ts";

/**
 * Makes the accounts that a site starts with, or sets the password of one that exists: a start that was cut off before the
 * passwords were shown makes new ones. Each account ends with exactly the given role.
 */
export async function ensureFirstLogins(
  auth: SignIn,
  db: Kysely<IdentityTables>,
  logins: readonly FirstLogin[],
): Promise<void> {
  const { internalAdapter, password } = await auth.$context;
  for (const login of logins) {
    const hash = await password.hash(login.password);
    const found = await internalAdapter.findUserByEmail(login.email);
    let personId = found?.user.id;
    if (personId === undefined) {
      const person = { email: login.email, name: login.name, emailVerified: true };
      personId = (await internalAdapter.createUser(person, { method: "email-password" })).id;
    }
    const accounts = await internalAdapter.findAccounts(personId);
    if (accounts.some((account) => account.providerId === "credential")) await internalAdapter.updatePassword(personId, hash);
    else await internalAdapter.linkAccount({ userId: personId, providerId: "credential", accountId: personId, password: hash });
    await giveRole(db, personId, login.role);
  }
}

async function giveRole(db: Kysely<IdentityTables>, personId: string, roleName: string): Promise<void> {
  const role = await db.selectFrom("role").select("id").where("name", "=", roleName).where("organization_id", "is", null).executeTakeFirstOrThrow();
  await db.deleteFrom("person_role").where("person_id", "=", personId).where("role_id", "!=", role.id).execute();
  await db
    .insertInto("person_role")
    .values({ person_id: personId, role_id: role.id })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
