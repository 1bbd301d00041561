import { byAccount } from "../../rules/growing-delay.ts";
import { acceptInvitation, plainDone } from "../contract.ts";
import { byTriggers, type SignInContext } from "../sign-in/sign-in-context.ts";
import { takeInvitation } from "./invitation.ts";

/** Open to anybody: the token is what lets in. */
export function addInvitationRoute(signIn: SignInContext): void {
  const { server, attempts } = signIn;
  server.post(
    "/api/v1/invitations/accept",
    { config: { access: { open: true }, action: byTriggers }, schema: { body: acceptInvitation, response: { 200: plainDone } } },
    async ({ ip, body }, reply) => {
      const good = await attempts.begin({ ip, reply }, { what: "invitation", whom: body.token, delay: byAccount });
      await takeInvitation(signIn, body);
      await good();
      return { done: true as const };
    },
  );
}
