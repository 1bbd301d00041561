import type { Principal } from "@metersmith/site/principal";
import { rightsOf } from "../../store/principals.ts";
import { SESSION_SECONDS } from "./engine.ts";
import { sessionCookies } from "./session-cookie.ts";
import type { SignInContext } from "./sign-in-context.ts";

/** Who is signed in by the cookie of a request; null for nobody, for a session past its twelve hours, and for who is shut out. */
export async function personSignedIn({ auth, db, clock, config }: SignInContext, headers: Headers): Promise<Principal | null> {
  if (sessionCookies(headers.get("cookie"), config.slug) !== 1) return null;
  const found = await auth.api.getSession({ headers });
  if (!found) return null;
  if (clock.now() - found.session.createdAt.getTime() >= SESSION_SECONDS * 1000) {
    await (await auth.$context).internalAdapter.deleteSession(found.session.token);
    return null;
  }
  const { id, email, name } = found.user;
  const rights = await rightsOf(db, id);
  return rights ? { kind: "person", id, email, name, session: found.session.id, ...rights } : null;
}
