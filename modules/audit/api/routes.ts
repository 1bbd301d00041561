import { listOf, listQuery, page, pageKey } from "@metersmith/site/listing";
import { SiteError } from "@metersmith/site/problem";
import type { SiteContext } from "@metersmith/site/site-module";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { listEntries } from "../store/entries.ts";
import { auditKeys, batchOf, sealsAfter } from "../store/record.ts";
import type { AuditTables } from "../store/tables.ts";
import { AUDIT_FORMAT, auditFilter, type AuditHeader, auditKey, auditSeal, listedEntry } from "./contract.ts";

/** Seals of one page of an export at most, and the number of entries after which it ends. */
const SEALS_AT_ONCE = 200;
const ENTRIES_ENOUGH = 2000;

/** The last number of the page before; 0 begins. */
const afterSeal = z.object({ after: z.coerce.number().int().min(0).default(0) });

/** The record of the asking organization's actions. To read it is an action too. */
export function addAuditRoutes({ server, config }: Pick<SiteContext, "server" | "config">): void {
  server.get(
    "/api/v1/audit-entries",
    { config: { access: { permission: "audit.view" }, action: "audit.view" }, schema: { querystring: listQuery.extend(auditFilter.shape), response: { 200: listOf(listedEntry) } } },
    async (asked) => {
      const { limit, after, ...filter } = asked.query;
      const own = asked.ownRows();
      const items = await listEntries(asked.tx<AuditTables>(), own, limit, filter, await pageKey(asked.tx(), "audit_entry", after, own));
      acted(asked, Object.fromEntries(Object.entries({ ...filter, after }).filter((one): one is [string, string] => one[1] !== undefined)));
      return page(items, limit);
    },
  );

  server.get(
    "/api/v1/audit-seals",
    {
      config: { access: { permission: "audit.view" }, action: "audit.view" },
      schema: { querystring: afterSeal, response: { 200: z.object({ items: z.array(auditSeal), keys: z.array(auditKey), after: z.number().int().nullable() }) } },
    },
    async (asked) => {
      const db = asked.tx<AuditTables>();
      const items = await sealsAfter(db, organizationOf(asked).id, asked.query.after, SEALS_AT_ONCE);
      acted(asked, { seals: "listed" });
      return { items, keys: await auditKeys(db), after: items.length === SEALS_AT_ONCE ? (items.at(-1)?.number ?? null) : null };
    },
  );

  // One file in several answers: each begins after the seal that `metersmith-after` of the one before names; without it, it was the last.
  server.get("/api/v1/audit-export", { config: { access: { permission: "audit.export" }, action: "audit.export" }, schema: { querystring: afterSeal } }, async (request, reply) => {
    const { after } = request.query;
    const db = request.tx<AuditTables>();
    const { id, name } = organizationOf(request);
    const seals = await sealsAfter(db, id, after, SEALS_AT_ONCE);
    const header: AuditHeader = { format: AUDIT_FORMAT, site: config.slug, organization: { id, name }, keys: await auditKeys(db) };
    const lines: unknown[] = after === 0 ? [header] : [];
    let last = after;
    let entries = 0;
    for (const seal of seals) {
      if (entries >= ENTRIES_ENOUGH) break;
      lines.push(...(await batchOf(db, seal)).entries.flatMap((entry) => (entry ? [{ entry }] : [])), { seal });
      entries += seal.entries;
      last = seal.number;
    }
    acted(request, { "after-seal": String(after), "to-seal": String(last) });
    const more = seals.length === SEALS_AT_ONCE || (seals.at(-1)?.number ?? last) > last;
    if (more) reply.header("metersmith-after", String(last));
    return reply.type("application/x-ndjson").send(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  });
}

function organizationOf({ principal }: FastifyRequest): { readonly id: string; readonly name: string } {
  if (!principal) throw new SiteError(401, "sign-in-required", "Sign in first.");
  return principal.organization;
}

function acted(request: FastifyRequest, facts: Readonly<Record<string, string>>): void {
  const { id, name } = organizationOf(request);
  request.acted({ kind: "audit-record", id, name, facts });
}
