import type { SiteServer } from "@metersmith/site/site-module";
import { CLIENT_ADDRESS, type SignIn } from "./sign-in.ts";

/** What of `better-auth` can be reached from outside. Nobody signs up or changes an account by it: that is administration. */
const reachable = [
  { method: "POST", url: "/api/auth/sign-in/email" },
  { method: "POST", url: "/api/auth/sign-out" },
  { method: "GET", url: "/api/auth/get-session" },
] as const;

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
        const body = method === "GET" ? null : JSON.stringify(request.body ?? {});
        const address = new URL(request.url, `http://${request.headers.host ?? "localhost"}`);
        const answer = await auth.handler(new Request(address, { method, headers, body }));
        reply.code(answer.status).header("set-cookie", answer.headers.getSetCookie());
        for (const [name, value] of answer.headers) if (name !== "set-cookie") reply.header(name, value);
        return reply.send(await answer.text());
      },
    });
  }
}
