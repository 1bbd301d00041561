import type { Principal } from "@metersmith/site/principal";
import { SiteError } from "@metersmith/site/problem";
import type { FastifyRequest } from "fastify";
import { whyNotGive } from "../../rules/granting.ts";
import { listRoles } from "../../store/roles.ts";
import type { IdentityTables } from "../../store/tables.ts";

/** The keys of these roles, where who asks may give all of them. */
export async function rolesToGive({ tx, ownRows }: Pick<FastifyRequest, "tx" | "ownRows">, principal: Principal, personId: string | undefined, names: readonly string[]): Promise<string[]> {
  const known = await listRoles(tx<IdentityTables>(), ownRows());
  const roles = [...new Set(names)].map((name) => {
    // An organization's own role stands before a built-in one of the same name.
    const found = known.findLast((role) => role.name === name);
    if (!found) throw new SiteError(422, "not-found", `There is no role “${name}” here.`);
    return found;
  });
  const granter = { id: principal.id, permissions: principal.permissions, owner: principal.organization.owner };
  const why = whyNotGive(granter, personId, roles);
  if (why !== undefined) throw new SiteError(403, "not-permitted", why);
  return roles.map(({ key }) => key);
}
