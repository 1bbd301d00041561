import type { SiteContext } from "@metersmith/site/site-module";
import type { Kysely } from "kysely";
import { z } from "zod";
import type { IdentityTables } from "../store/tables.ts";
import { acceptInvitation } from "./contract.ts";
import { takeInvitation } from "./invitation.ts";
import type { SignIn } from "./sign-in.ts";

/** Open to anybody: the token is what lets in. */
export function addInvitationRoute({ server, clock }: Pick<SiteContext, "server" | "clock">, auth: SignIn, db: Kysely<IdentityTables>): void {
  server.post(
    "/api/v1/invitations/accept",
    { config: { access: { open: true }, action: { recordedBy: "the triggers of sign-in's tables" } }, schema: { body: acceptInvitation, response: { 200: z.object({ done: z.literal(true) }) } } },
    async ({ body }) => {
      await takeInvitation(auth, db, body, clock.now());
      return { done: true as const };
    },
  );
}
