import type { Subject } from "@metersmith/site/action";
import { SiteError } from "@metersmith/site/problem";
import type { SiteContext } from "@metersmith/site/site-module";
import type { FastifyRequest } from "fastify";
import { refusedSubject } from "../store/refusals.ts";
import type { IdentityTables } from "../store/tables.ts";
import { CLIENT_ADDRESS, type SignIn } from "./sign-in.ts";

/** What of `better-auth` can be reached from outside. Nobody signs up or changes an account by it: that is administration. */
const reachable = [
  { method: "POST", url: "/api/auth/sign-in/email" },
  { method: "POST", url: "/api/auth/sign-out" },
] as const;

const UNAUTHORIZED = 401;

/** A sign-in that was refused changes nothing; that it was tried goes on record all the same. One that was held back by its rate does not. */
function recordRefusal(work: SiteContext["work"], { body, ip }: FastifyRequest): Promise<Subject> {
  const { email } = Object(body) as { email?: unknown };
  return work.act<IdentityTables, Subject>({ verb: "session.refuse", from: ip, on: (subject) => [subject] }, (tx) => refusedSubject(tx, typeof email === "string" ? email : ""));
}

function refusalOf(status: number): SiteError {
  if (status === 429) return new SiteError(429, "too-many-attempts", "Too many attempts from this address. Wait a moment, then try again.");
  if (status === 401) return new SiteError(401, "sign-in-refused", "E-mail address and password do not belong together.");
  return new SiteError(status >= 400 && status < 500 ? status : 500, "sign-in-refused", "The sign-in was not accepted. Look at the e-mail address and the password.");
}

/** Hands these requests to `better-auth`, which speaks in `Request` and `Response`. */
export function addSignInRoutes({ server, work }: Pick<SiteContext, "server" | "work">, auth: SignIn): void {
  for (const { method, url } of reachable) {
    server.route({
      method,
      url,
      config: { access: { open: true }, action: { recordedBy: "the triggers of sign-in's tables" } },
      schema: { hide: true },
      async handler(request, reply) {
        const headers = new Headers();
        for (const [name, value] of Object.entries(request.headers)) if (typeof value === "string") headers.set(name, value);
        headers.set(CLIENT_ADDRESS, request.ip);
        const body = JSON.stringify(request.body ?? {});
        const address = new URL(request.url, `http://${request.headers.host ?? "localhost"}`);
        const answer = await auth.handler(new Request(address, { method, headers, body }));
        // The answer's body names the session's token, which scripts of the page must not have: the cookie alone carries it.
        if (answer.ok) return reply.header("set-cookie", answer.headers.getSetCookie()).send({ done: true });
        if (answer.status === 429) reply.header("retry-after", answer.headers.get("x-retry-after") ?? "10");
        if (answer.status === UNAUTHORIZED) await recordRefusal(work, request);
        throw refusalOf(answer.status);
      },
    });
  }
}
