import { SiteError } from "@metersmith/site/problem";
import type { SiteServer } from "@metersmith/site/site-module";
import { CLIENT_ADDRESS, type SignIn } from "./sign-in.ts";

/** What of `better-auth` can be reached from outside. Nobody signs up or changes an account by it: that is administration. */
const reachable = [
  { method: "POST", url: "/api/auth/sign-in/email" },
  { method: "POST", url: "/api/auth/sign-out" },
] as const;

function refusalOf(status: number): SiteError {
  if (status === 429) return new SiteError(429, "too-many-attempts", "Too many attempts from this address. Wait a moment, then try again.");
  if (status === 401) return new SiteError(401, "sign-in-refused", "E-mail address and password do not belong together.");
  return new SiteError(status >= 400 && status < 500 ? status : 500, "sign-in-refused", "The sign-in was not accepted. Look at the e-mail address and the password.");
}

/** Hands these requests to `better-auth`, which speaks in `Request` and `Response`. */
export function addSignInRoutes(server: SiteServer, auth: SignIn): void {
  for (const { method, url } of reachable) {
    server.route({
      method,
      url,
      config: { access: { open: true } },
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
        throw refusalOf(answer.status);
      },
    });
  }
}
