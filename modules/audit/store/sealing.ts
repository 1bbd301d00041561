import { type Kysely, sql, type Transaction } from "kysely";
import type { AuditSeal } from "../api/contract.ts";
import { entryLeaf, leafText, rootOf, type SealBody, sealDigest } from "../rules/digests.ts";
import { entryColumns, entryOf } from "./entries.ts";
import { forAudit, sealOf } from "./record.ts";
import type { AuditTables } from "./tables.ts";

/** Any fixed number, the same in all processes of a site: who holds it seals. "MSAUDIT" in ASCII. */
const WRITER = "21765113275238740";
/** Entries of one transaction at most, of all organizations together. */
export const ENTRIES_AT_ONCE = 2000;

/** Signs the octets of a seal. */
export interface SealSigner {
  readonly key: string;
  sign(body: SealBody): string;
}

/** How far a sealing has come, for tests that cut it there. */
export type SealingStep = "locked" | "taken" | "leaves" | "seal" | "emptied";

/**
 * Seals what waits, in one transaction: leaves, seals, and the end of the waiting, or none of it. Requests are never kept waiting: an
 * entry is put on record by its own transaction alone, and gets its place in the chain here. Gives how many entries were sealed;
 * undefined where another process is at it.
 */
export async function sealWaiting(tx: Transaction<AuditTables>, signer: SealSigner, now: number, reached: (step: SealingStep) => Promise<void> = async () => undefined): Promise<number | undefined> {
  await forAudit(tx);
  const { rows } = await sql<{ taken: boolean }>`select pg_try_advisory_xact_lock(${WRITER}::bigint) as taken`.execute(tx);
  if (!rows[0]?.taken) return undefined;
  await reached("locked");
  const waiting = await tx
    .selectFrom("audit_waiting as waiting")
    .innerJoin("audit_entry as entry", "entry.id", "waiting.entry_id")
    .select(["entry.id as key", ...entryColumns])
    .orderBy("waiting.entry_id")
    .limit(ENTRIES_AT_ONCE)
    .execute();
  await reached("taken");
  const byOrganization = Map.groupBy(waiting, ({ organization_id }) => organization_id);
  for (const [organization, rowsOfOne] of byOrganization) {
    const before = await lastSeal(tx, organization);
    const leaves = rowsOfOne.map((row) => ({ key: row.key, leaf: entryLeaf(entryOf(row)) }));
    const body: SealBody = {
      organization,
      number: (before?.number ?? 0) + 1,
      first: before ? before.first + before.entries : 1,
      entries: leaves.length,
      root: rootOf(leaves.map(({ leaf }) => leaf)),
      previous: before ? sealDigest(before) : null,
      at: new Date(now).toISOString(),
      key: signer.key,
    };
    await addSeal(tx, { ...body, signature: signer.sign(body) });
    await reached("seal");
    await tx
      .insertInto("audit_leaf")
      .values(leaves.map(({ key, leaf }, at) => ({ organization_id: organization, position: String(body.first + at), entry_id: key, digest: leafText(leaf), seal_number: String(body.number) })))
      .execute();
    await reached("leaves");
  }
  if (waiting.length > 0) await tx.deleteFrom("audit_waiting").where("entry_id", "in", waiting.map(({ key }) => key)).execute();
  await reached("emptied");
  return waiting.length;
}

async function lastSeal(db: Kysely<AuditTables>, organization: string): Promise<AuditSeal | undefined> {
  const row = await db.selectFrom("audit_seal").selectAll().where("organization_id", "=", organization).orderBy("number", "desc").limit(1).executeTakeFirst();
  return row && sealOf(row);
}

async function addSeal(tx: Kysely<AuditTables>, seal: AuditSeal): Promise<void> {
  await tx
    .insertInto("audit_seal")
    .values({
      organization_id: seal.organization,
      number: String(seal.number),
      first_position: String(seal.first),
      entries: seal.entries,
      root: seal.root,
      previous: seal.previous,
      at: new Date(seal.at),
      key_id: seal.key,
      signature: seal.signature,
    })
    .execute();
}
