import { SiteError } from "@metersmith/site/problem";
import type { SiteServer } from "@metersmith/site/site-module";
import { z } from "zod";
import { whyNotMake } from "../../rules/granting.ts";
import { addRole, listRoles } from "../../store/roles.ts";
import type { IdentityTables } from "../../store/tables.ts";
import { makeRole, role } from "../contract.ts";
import { signedIn } from "../signed-in.ts";

/** The built-in roles and an organization's own. */
export function addRoleRoutes(server: SiteServer): void {
  server.get(
    "/api/v1/roles",
    { config: { access: { permission: "role.view" } }, schema: { response: { 200: z.object({ items: z.array(role), after: z.null() }) } } },
    async ({ tx, ownRows }) => ({ items: await listRoles(tx<IdentityTables>(), ownRows()), after: null }),
  );

  server.post(
    "/api/v1/roles",
    { config: { access: { permission: "role.create" }, action: "role.create" }, schema: { body: makeRole, response: { 201: role } } },
    async (request, reply) => {
      const { id, permissions, organization } = signedIn(request);
      const { name, title } = request.body;
      const wanted = [...new Set(request.body.permissions)];
      const why = whyNotMake({ id, permissions, owner: organization.owner }, wanted);
      if (why !== undefined) throw new SiteError(403, "not-permitted", why);
      const tx = request.tx<IdentityTables>();
      const taken = (await listRoles(tx, request.ownRows())).some((known) => known.name === name);
      if (taken || (await addRole(tx, organization.id, { name, title, permissions: wanted })) === undefined) {
        throw new SiteError(409, "conflict", `There is a role “${name}” already. Choose another name.`);
      }
      request.acted({ kind: "role", id: name, name: title, facts: { permissions: wanted.join(" ") } });
      return reply.code(201).send({ name, title, builtIn: false, permissions: wanted });
    },
  );
}
