import { SiteError } from "@metersmith/site/problem";
import { byAccount } from "../../rules/growing-delay.ts";
import { whyNotPassword } from "../../rules/password-policy.ts";
import { changePassword, plainDone, signInAnswer, signInByPassword } from "../contract.ts";
import { signedIn } from "../signed-in.ts";
import { accepted, askEngine } from "./engine-call.ts";
import { recordRefusal } from "./refusal-record.ts";
import { beginSession, byTriggers, type SignInContext } from "./sign-in-context.ts";

/** Coming in by password, going out, and changing it. Nobody signs up: people are invited. */
export function addPasswordRoutes({ server, auth, attempts, device, config, work }: SignInContext): void {
  server.post(
    "/api/auth/sign-in/email",
    { config: { access: { open: true }, action: byTriggers }, schema: { body: signInByPassword, response: { 200: signInAnswer } } },
    async (request, reply) => {
      const { email, password } = request.body;
      const known = device.of(request.headers.cookie, email);
      const whom = known === undefined ? { what: "account", whom: email } : { what: "device", whom: known };
      const good = await attempts.begin({ ip: request.ip, reply }, { ...whom, delay: byAccount });
      const { body } = await beginSession(auth, request, reply, async () => {
        const answer = await askEngine(auth, request, { method: "POST", path: "/sign-in/email", body: { email, password } });
        if (answer.status === 401) await recordRefusal(work, request.ip, email);
        return answer;
      });
      await good();
      const asksForCode = typeof body === "object" && body !== null && "twoFactorRedirect" in body;
      if (asksForCode) return { done: false, next: "code" as const };
      if (known === undefined) void reply.header("set-cookie", device.cookie(email));
      return { done: true };
    },
  );

  server.post("/api/auth/sign-out", { config: { access: { open: true }, action: byTriggers }, schema: { response: { 200: plainDone } } }, async (request, reply) => {
    accepted(reply, await askEngine(auth, request, { method: "POST", path: "/sign-out" }));
    return { done: true as const };
  });

  server.post(
    "/api/v1/me/password",
    { config: { access: { signedIn: "person" }, action: "password.change" }, schema: { body: changePassword, response: { 200: plainDone } } },
    async (request, reply) => {
      const { current, next } = request.body;
      const { id, email, name } = signedIn(request);
      const weak = whyNotPassword(next, { email, name, siteName: config.name });
      if (weak !== undefined) throw new SiteError(422, "password-weak", weak);
      const good = await attempts.begin({ ip: request.ip, reply }, { what: "password", whom: id, delay: byAccount });
      const body = { currentPassword: current, newPassword: next, revokeOtherSessions: true };
      accepted(reply, await askEngine(auth, request, { method: "POST", path: "/change-password", body }));
      await good();
      request.acted({ kind: "person", id, name: email });
      return { done: true as const };
    },
  );
}
