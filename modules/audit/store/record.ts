import { type Kysely, type Selectable, sql } from "kysely";
import type { AuditKey, AuditSeal } from "../api/contract.ts";
import type { SealedBatch } from "../rules/chain.ts";
import { entryColumns, entryOf } from "./entries.ts";
import type { AuditTables } from "./tables.ts";

/** In this transaction the policies show every organization's record: for making and checking seals. */
export async function forAudit(db: Kysely<AuditTables>): Promise<void> {
  await sql`select set_config('metersmith.purpose', 'audit', true)`.execute(db);
}

type SealRow = Selectable<AuditTables["audit_seal"]>;

export const sealOf = (row: SealRow): AuditSeal => ({
  organization: row.organization_id,
  number: Number(row.number),
  first: Number(row.first_position),
  entries: row.entries,
  root: row.root,
  previous: row.previous,
  at: row.at.toISOString(),
  key: row.key_id,
  signature: row.signature,
});

/** Seals of one organization after a number, in order. */
export async function sealsAfter(db: Kysely<AuditTables>, organization: string, after: number, limit: number): Promise<AuditSeal[]> {
  const rows = await db
    .selectFrom("audit_seal")
    .selectAll()
    .where("organization_id", "=", organization)
    .where("number", ">", String(after))
    .orderBy("number")
    .limit(limit)
    .execute();
  return rows.map(sealOf);
}

/** What a seal is over, by position; the leaf as it was stored beside each entry. */
export async function batchOf(db: Kysely<AuditTables>, seal: AuditSeal): Promise<SealedBatch & { readonly leaves: readonly string[] }> {
  const rows = await db
    .selectFrom("audit_leaf as leaf")
    .leftJoin("audit_entry as entry", "entry.id", "leaf.entry_id")
    .select(["leaf.position", "leaf.digest as leaf_digest", "entry.id as entry_id", ...entryColumns])
    .where("leaf.organization_id", "=", seal.organization)
    .where("leaf.seal_number", "=", String(seal.number))
    .orderBy("leaf.position")
    .execute();
  const entries = rows.map((row) => (row.entry_id === null ? undefined : entryOf(row as typeof row & Parameters<typeof entryOf>[0])));
  return { seal, entries, leaves: rows.map((row) => row.leaf_digest) };
}

export async function auditKeys(db: Kysely<AuditTables>): Promise<AuditKey[]> {
  const rows = await db.selectFrom("audit_key").select(["id", "public_key"]).orderBy("made_at").execute();
  return rows.map(({ id, public_key: publicKey }) => ({ id, publicKey }));
}

export interface Whose {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

/** The organizations that have a record, or had one: whose entries are all gone is still named by its seals. */
export async function recordOwners(db: Kysely<AuditTables>): Promise<Whose[]> {
  const { rows } = await sql<Whose>`
    select whose.id, coalesce(organization.slug, whose.id::text) as slug, coalesce(organization.name, '') as name
    from (select organization_id as id from audit_entry union select organization_id from audit_seal) whose
    left join organization on organization.id = whose.id order by whose.id`.execute(db);
  return rows;
}

/** Entries that no seal holds: how many wait for one, and the first that does not even wait, which nothing of ours leaves so. */
export async function unsealed(db: Kysely<AuditTables>, organization: string): Promise<{ readonly waiting: number; readonly lost: string | undefined }> {
  const { rows } = await sql<{ waiting: string; lost: string | null }>`
    select count(waiting.entry_id) as waiting, (array_agg(entry.public_id order by entry.id) filter (where waiting.entry_id is null))[1] as lost
    from audit_entry entry
    left join audit_leaf leaf on leaf.entry_id = entry.id
    left join audit_waiting waiting on waiting.entry_id = entry.id
    where entry.organization_id = ${organization} and leaf.entry_id is null`.execute(db);
  return { waiting: Number(rows[0]?.waiting ?? 0), lost: rows[0]?.lost ?? undefined };
}
