import { SiteError } from "@metersmith/site/problem";
import type { SiteContext } from "@metersmith/site/site-module";
import { actFor } from "@metersmith/site/work";
import { sql, type SqlBool } from "kysely";
import { z } from "zod";
import { addOrganization, listOrganizations } from "../../store/organizations.ts";
import { listRoles } from "../../store/roles.ts";
import type { IdentityTables } from "../../store/tables.ts";
import { madeOrganization, makeOrganization, organizationFacts } from "../contract.ts";
import { invitePersonTo } from "./invitation.ts";
import { signedIn } from "../signed-in.ts";

const FIRST_ROLE = "administrator";
const noneOfItsOwn = sql<SqlBool>`false`;

/** The utilities that a manufacturer's site hosts. Only who runs the site makes one, with its first person; from then on it looks after itself. */
export function addOrganizationRoutes({ server, clock }: Pick<SiteContext, "server" | "clock">): void {
  server.get(
    "/api/v1/organizations",
    {
      config: { access: { permission: "organization.view" } },
      schema: { response: { 200: z.object({ items: z.array(organizationFacts), after: z.null() }) } },
    },
    async ({ tx }) => ({ items: await listOrganizations(tx<IdentityTables>()), after: null }),
  );

  server.post(
    "/api/v1/organizations",
    { config: { access: { permission: "organization.create" }, action: "organization.create" }, schema: { body: makeOrganization, response: { 201: madeOrganization } } },
    async (request, reply) => {
      const { slug, name, administrator } = request.body;
      const own = signedIn(request).organization;
      const tx = request.tx<IdentityTables>();
      const id = await addOrganization(tx, slug, name);
      if (id === undefined) throw new SiteError(409, "conflict", `There is an organization “${slug}” already. Choose another short name.`);
      const role = (await listRoles(tx, noneOfItsOwn)).find((one) => one.name === FIRST_ROLE);
      await actFor(tx, id);
      const first = await invitePersonTo(tx, { ...administrator, organizationId: id, roleIds: role ? [role.key] : [] }, clock.now());
      await actFor(tx, own.id);
      const made = (await listOrganizations(tx)).find((one) => one.id === id);
      request.acted({ kind: "organization", id, name, facts: { slug, administrator: administrator.email } });
      return reply.code(201).send(madeOrganization.parse({ organization: made, administrator: first }));
    },
  );
}
