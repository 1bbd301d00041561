import type { SiteContext } from "@metersmith/site/site-module";
import type { Kysely } from "kysely";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { IdentityTables } from "../../store/tables.ts";
import type { Attempts } from "./attempts.ts";
import { accepted, type EngineAnswer, headersOf } from "./engine-call.ts";
import type { SignIn } from "./engine.ts";
import type { KnownDevice } from "./known-device.ts";

/** What the routes of signing in work with. `db` is sign-in's own: it sees people before it is known whose they are. */
export interface SignInContext extends Pick<SiteContext, "server" | "config" | "clock" | "log" | "work"> {
  readonly auth: SignIn;
  readonly db: Kysely<IdentityTables>;
  readonly attempts: Attempts;
  readonly device: KnownDevice;
}

/** The action of routes that are open to anybody: what they change is put on record by the database itself. */
export const byTriggers = { recordedBy: "the triggers of sign-in's tables" } as const;

/**
 * Signs in by what `prove` asks of the engine. The session that the browser came with, if any, ends: each sign-in begins a new one, with
 * a token that nobody knew before.
 */
export async function beginSession(auth: SignIn, request: FastifyRequest, reply: FastifyReply, prove: () => Promise<EngineAnswer>): Promise<EngineAnswer> {
  const before = await auth.api.getSession({ headers: headersOf(request), query: { disableRefresh: true } });
  const answer = await prove();
  accepted(reply, answer);
  if (before) await (await auth.$context).internalAdapter.deleteSession(before.session.token);
  return answer;
}
