import { notFound } from "@metersmith/site/problem";
import type { FastifyRequest } from "fastify";
import { findPerson } from "../../store/people.ts";
import type { IdentityTables } from "../../store/tables.ts";
import type { Person } from "../contract.ts";

/**
 * A person of the asking organization.
 * @throws SiteError `not-found` for all others.
 */
export async function ownPerson({ tx, ownRows }: Pick<FastifyRequest, "tx" | "ownRows">, id: string): Promise<Person> {
  const found = await findPerson(tx<IdentityTables>(), ownRows(), id);
  if (!found) throw notFound("person");
  return found;
}
