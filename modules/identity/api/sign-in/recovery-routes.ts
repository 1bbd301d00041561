import type { Letter } from "@metersmith/base/mail";
import { SiteError } from "@metersmith/site/problem";
import { siteOrigin } from "@metersmith/site/origin";
import type { SiteConfig } from "@metersmith/site/site-config";
import { byAccount, byRecipient } from "../../rules/growing-delay.ts";
import { whyNotPassword } from "../../rules/password-policy.ts";
import { mayRecover } from "../../store/people.ts";
import { askRecovery, plainDone, recover } from "../contract.ts";
import { accepted, askEngine } from "./engine-call.ts";
import { byTriggers, type SignInContext } from "./sign-in-context.ts";

/** What is behind the `#` stays in the browser: no server's log has it. */
export const recoveryLetter = (config: Pick<SiteConfig, "name" | "origin" | "port">, to: string, token: string): Letter => ({
  to,
  subject: `Your password at ${config.name}`,
  text: `Somebody, perhaps you, asked for a new password at ${config.name} for this address. To choose one, open this within half an hour:

  ${siteOrigin(config)}/recovery#${token}

It works once. If it was not you, do nothing: your password stays as it is.`,
});

/** A new password for who can read the letters to their address. It signs nobody in: a second factor stays a second factor. */
export function addRecoveryRoutes({ server, auth, db, attempts, config, log }: SignInContext): void {
  server.post(
    "/api/auth/recovery",
    { config: { access: { open: true }, action: byTriggers }, schema: { body: askRecovery, response: { 200: plainDone } } },
    async (request, reply) => {
      const { email } = request.body;
      await attempts.begin({ ip: request.ip, reply }, { what: "letter", whom: email, delay: byRecipient });
      const sending = async (): Promise<void> => {
        if (await mayRecover(db, email)) await askEngine(auth, request, { method: "POST", path: "/request-password-reset", body: { email } });
      };
      // Not waited for: neither the answer nor the time it takes tells whether there is such an account.
      void sending().catch((error: unknown) => log.error("a letter of recovery was not sent", { reason: error instanceof Error ? error.message : String(error) }));
      return { done: true as const };
    },
  );

  server.post(
    "/api/auth/recovery/password",
    { config: { access: { open: true }, action: byTriggers }, schema: { body: recover, response: { 200: plainDone } } },
    async (request, reply) => {
      const { token, password } = request.body;
      const good = await attempts.begin({ ip: request.ip, reply }, { what: "recovery", whom: token, delay: byAccount });
      const { internalAdapter } = await auth.$context;
      const asked = await internalAdapter.findVerificationValue(`reset-password:${token}`);
      const person = asked && (await internalAdapter.findUserById(asked.value));
      const weak = person && whyNotPassword(password, { email: person.email, name: person.name, siteName: config.name });
      if (weak) throw new SiteError(422, "password-weak", weak);
      accepted(reply, await askEngine(auth, request, { method: "POST", path: "/reset-password", body: { token, newPassword: password } }));
      await good();
      return { done: true as const };
    },
  );
}
