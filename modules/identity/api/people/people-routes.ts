import { byId, listOf } from "@metersmith/site/listing";
import type { SiteContext } from "@metersmith/site/site-module";
import type { FastifyRequest } from "fastify";
import { listPeople, setDisabled, setRoles } from "../../store/people.ts";
import { removeFactors } from "../../store/second-factors.ts";
import { endSessions } from "../../store/sessions.ts";
import type { IdentityTables } from "../../store/tables.ts";
import { giveRoles, invitePerson, invited, letIn, type Person, person } from "../contract.ts";
import { invitePersonTo } from "./invitation.ts";
import { ownPerson } from "./own-person.ts";
import { rolesToGive } from "./roles-to-give.ts";
import { signedIn } from "../signed-in.ts";

/** The people of the asking organization: who they are, what they may do, whether they may come in. */
export function addPeopleRoutes({ server, clock }: Pick<SiteContext, "server" | "clock">): void {
  server.get(
    "/api/v1/people",
    { config: { access: { permission: "people.view" } }, schema: { response: { 200: listOf(person) } } },
    async ({ tx, ownRows }) => ({ items: await listPeople(tx<IdentityTables>(), ownRows()), after: null }),
  );

  server.post(
    "/api/v1/people",
    { config: { access: { permission: "people.invite" }, action: "people.invite" }, schema: { body: invitePerson, response: { 201: invited } } },
    async (request, reply) => {
      const principal = signedIn(request);
      const { email, name, roles } = request.body;
      const roleIds = await rolesToGive(request, principal, undefined, roles);
      const made = await invitePersonTo(request.tx<IdentityTables>(), { email, name, organizationId: principal.organization.id, roleIds }, clock.now());
      request.acted({ kind: "person", id: made.person.id, name: email, facts: { roles: roles.join(" ") } });
      return reply.code(201).send(made);
    },
  );

  const update = { access: { permission: "people.update" }, action: "people.update" } as const;

  server.put("/api/v1/people/:id/roles", { config: update, schema: { params: byId, body: giveRoles, response: { 200: person } } }, (request) => {
    request.because(request.body.reason);
    return giveTo(request, request.params.id, request.body.roles);
  });

  server.put("/api/v1/people/:id/state", { config: update, schema: { params: byId, body: letIn, response: { 200: person } } }, (request) => {
    request.because(request.body.reason);
    return setState(request, request.params.id, request.body.state === "disabled" ? new Date(clock.now()) : null);
  });

  // For whoever has lost their device and their backup codes.
  server.delete("/api/v1/people/:id/second-factor", { config: update, schema: { params: byId, response: { 200: person } } }, async (asked) => {
    const { id, roles, email } = await ownPerson(asked, asked.params.id);
    await rolesToGive(asked, signedIn(asked), id, roles);
    await removeFactors(asked.tx<IdentityTables>(), id);
    await endSessions(asked.tx<IdentityTables>(), id);
    asked.acted({ kind: "person", id, name: email, facts: { "second-factor": "removed" } });
    return ownPerson(asked, id);
  });
}

async function giveTo(request: FastifyRequest, id: string, roles: readonly string[]): Promise<Person> {
  const before = await ownPerson(request, id);
  // Taking a role away is as much as giving it: who may less than a person cannot make them less.
  await rolesToGive(request, signedIn(request), id, before.roles);
  await setRoles(request.tx<IdentityTables>(), id, await rolesToGive(request, signedIn(request), id, roles));
  // Other rights, another session: what was stolen before is worth nothing with them.
  if ([...before.roles].sort().join() !== [...new Set(roles)].sort().join()) await endSessions(request.tx<IdentityTables>(), id);
  request.acted({ kind: "person", id, name: before.email, facts: { "roles-before": before.roles.join(" "), roles: roles.join(" ") } });
  return ownPerson(request, id);
}

async function setState(request: FastifyRequest, id: string, disabledAt: Date | null): Promise<Person> {
  const { roles, email } = await ownPerson(request, id);
  await rolesToGive(request, signedIn(request), id, roles);
  await setDisabled(request.tx<IdentityTables>(), request.ownRows(), id, disabledAt);
  request.acted({ kind: "person", id, name: email, facts: { state: disabledAt ? "disabled" : "active" } });
  return ownPerson(request, id);
}
