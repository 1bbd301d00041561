import type { Kysely } from "kysely";
import { AUDIT_FORMAT, type AuditHeader } from "../api/contract.ts";
import { AuditError } from "../rules/audit-error.ts";
import { auditKeys, batchOf, forAudit, recordOwners, sealsAfter } from "./record.ts";
import type { AuditTables } from "./tables.ts";

const SEALS_AT_ONCE = 200;

/** The lines of one organization's sealed record, as it is at one moment. @param slug of the organization; needed where several have a record. */
export async function exportDatabase(db: Kysely<AuditTables>, site: string, slug: string | undefined, write: (line: string) => Promise<void>): Promise<{ readonly seals: number; readonly entries: number }> {
  return db
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(async (tx) => {
      await forAudit(tx);
      const owners = await recordOwners(tx);
      const whose = slug === undefined && owners.length === 1 ? owners[0] : owners.find((one) => one.slug === slug);
      if (!whose) {
        throw new AuditError("input", "no-organization", `Say whose record: ${owners.map((one) => `--organization ${one.slug}`).join(", ") || "none is here yet"}.`);
      }
      const header: AuditHeader = { format: AUDIT_FORMAT, site, organization: { id: whose.id, name: whose.name }, keys: await auditKeys(tx) };
      await write(JSON.stringify(header));
      let [seals, entries] = [0, 0];
      for (;;) {
        const some = await sealsAfter(tx, whose.id, seals, SEALS_AT_ONCE);
        for (const seal of some) {
          for (const entry of (await batchOf(tx, seal)).entries) if (entry) await write(JSON.stringify({ entry }));
          await write(JSON.stringify({ seal }));
          seals = seal.number;
          entries += seal.entries;
        }
        if (some.length < SEALS_AT_ONCE) return { seals, entries };
      }
    });
}
