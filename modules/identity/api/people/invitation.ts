import { createHash, randomBytes } from "node:crypto";
import { SiteError } from "@metersmith/site/problem";
import { sql, type SqlBool, type Transaction } from "kysely";
import { whyNotPassword } from "../../rules/password-policy.ts";
import { findPerson, invite } from "../../store/people.ts";
import type { IdentityTables } from "../../store/tables.ts";
import type { AcceptInvitation, Invited } from "../contract.ts";
import type { SignInContext } from "../sign-in/sign-in-context.ts";

const VALID_MS = 7 * 24 * 3_600_000;
const TOKEN_OCTETS = 24;

const digestOf = (token: string): string => createHash("sha256").update(token).digest("hex");

/** Makes a person and the one token by which they come in. The database has its digest only. */
export async function invitePersonTo(
  tx: Transaction<IdentityTables>,
  who: { readonly email: string; readonly name: string; readonly organizationId: string; readonly roleIds: readonly string[] },
  now: number,
): Promise<Invited> {
  const token = randomBytes(TOKEN_OCTETS).toString("base64url");
  const expiresAt = new Date(now + VALID_MS);
  const id = await invite(tx, { ...who, tokenDigest: digestOf(token), expiresAt });
  const made = id === undefined ? undefined : await findPerson(tx, sql<SqlBool>`organization_id = ${who.organizationId}`, id);
  if (!made) throw new SiteError(409, "conflict", `${who.email} cannot be invited: the address is in use on this site.`);
  return { person: made, token, expiresAt: expiresAt.toISOString() };
}

/** Takes an invitation and sets the first password. Each token does so once: of two who use it at once, one is refused. */
export async function takeInvitation({ auth, db, clock, config }: SignInContext, { token, password }: AcceptInvitation): Promise<void> {
  const hash = await (await auth.$context).password.hash(password);
  await db.transaction().execute(async (tx) => {
    const taken = await tx
      .deleteFrom("invitation")
      .where("token_digest", "=", digestOf(token))
      .where("expires_at", ">", new Date(clock.now()))
      .returning("person_id")
      .executeTakeFirst();
    if (!taken) throw new SiteError(410, "invitation-void", "This invitation was used already or has expired. Ask who invited you for another.");
    const person = await tx.selectFrom("person").select(["email", "name"]).where("id", "=", taken.person_id).executeTakeFirstOrThrow();
    const weak = whyNotPassword(password, { ...person, siteName: config.name });
    if (weak !== undefined) throw new SiteError(422, "password-weak", weak);
    await tx.insertInto("login_account").values({ person_id: taken.person_id, account_id: taken.person_id, provider_id: "credential", password: hash }).execute();
  });
}
