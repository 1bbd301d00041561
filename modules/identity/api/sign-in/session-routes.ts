import { byId } from "@metersmith/site/listing";
import { notFound } from "@metersmith/site/problem";
import type { SiteContext } from "@metersmith/site/site-module";
import { z } from "zod";
import { endSessions, listSessions } from "../../store/sessions.ts";
import type { IdentityTables } from "../../store/tables.ts";
import { endedSessions, loginSessions } from "../contract.ts";
import { ownPerson } from "../people/own-person.ts";
import { signedIn } from "../signed-in.ts";

const oneOf = z.object({ id: z.uuid(), session: z.uuid() });

/** Sessions that one can see and end: one's own, and those of one's organization's people where that is one's office. */
export function addSessionRoutes({ server, clock }: Pick<SiteContext, "server" | "clock">): void {
  const own = { access: { signedIn: "person" } } as const;
  const end = { ...own, action: "session.end" } as const;

  server.get("/api/v1/me/sessions", { config: own, schema: { response: { 200: loginSessions } } }, async (asked) => {
    const { id, session } = signedIn(asked);
    return { items: await listSessions(asked.tx<IdentityTables>(), id, session, clock.now()), after: null };
  });

  server.delete("/api/v1/me/sessions/:id", { config: end, schema: { params: byId, response: { 200: endedSessions } } }, async (asked) => {
    const { id, email } = signedIn(asked);
    const ended = await endSessions(asked.tx<IdentityTables>(), id, { only: asked.params.id });
    if (ended === 0) throw notFound("session");
    asked.acted({ kind: "session", id: asked.params.id, name: email });
    return { ended };
  });

  server.post("/api/v1/me/sessions/end-others", { config: end, schema: { response: { 200: endedSessions } } }, async (asked) => {
    const { id, email, session } = signedIn(asked);
    const ended = session === undefined ? 0 : await endSessions(asked.tx<IdentityTables>(), id, { except: session });
    asked.acted({ kind: "person", id, name: email, facts: { ended: String(ended) } });
    return { ended };
  });

  const view = { access: { permission: "people.view" } } as const;
  const update = { access: { permission: "people.update" }, action: "session.end" } as const;

  server.get("/api/v1/people/:id/sessions", { config: view, schema: { params: byId, response: { 200: loginSessions } } }, async (asked) => {
    const { id } = await ownPerson(asked, asked.params.id);
    return { items: await listSessions(asked.tx<IdentityTables>(), id, signedIn(asked).session, clock.now()), after: null };
  });

  server.delete("/api/v1/people/:id/sessions", { config: update, schema: { params: byId, response: { 200: endedSessions } } }, async (asked) => {
    const { id, email } = await ownPerson(asked, asked.params.id);
    const ended = await endSessions(asked.tx<IdentityTables>(), id);
    asked.acted({ kind: "person", id, name: email, facts: { ended: String(ended) } });
    return { ended };
  });

  server.delete("/api/v1/people/:id/sessions/:session", { config: update, schema: { params: oneOf, response: { 200: endedSessions } } }, async (asked) => {
    const { id, email } = await ownPerson(asked, asked.params.id);
    const ended = await endSessions(asked.tx<IdentityTables>(), id, { only: asked.params.session });
    if (ended === 0) throw notFound("session");
    asked.acted({ kind: "session", id: asked.params.session, name: email });
    return { ended };
  });
}
