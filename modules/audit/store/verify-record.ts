import type { Kysely } from "kysely";
import { AuditError } from "../rules/audit-error.ts";
import { type ChainState, checkBatch, startOfChain, type Trust, trustIn } from "../rules/chain.ts";
import { allReached, holdAgainst, type KnownSeal } from "../rules/known-seal.ts";
import { checkSignature } from "./check-signature.ts";
import { auditKeys, batchOf, forAudit, recordOwners, sealsAfter, unsealed, type Whose } from "./record.ts";
import type { AuditTables } from "./tables.ts";

const SEALS_AT_ONCE = 200;

/** What was found of one organization's record. */
export interface CheckedRecord {
  readonly whose: Whose;
  readonly chain: ChainState;
  /** Entries that no seal holds yet. */
  readonly waiting: number;
}

/**
 * Checks the records of all organizations of a site's database, as they are at one moment.
 * @param given whose signatures are taken; undefined takes the database's own word.
 * @throws AuditError naming the first thing that is broken.
 */
export async function verifyDatabase(db: Kysely<AuditTables>, given: Trust | undefined, known: readonly KnownSeal[]): Promise<CheckedRecord[]> {
  return db
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(async (tx) => {
      await forAudit(tx);
      const trust = given ?? trustIn(await auditKeys(tx), checkSignature);
      const checked: CheckedRecord[] = [];
      for (const whose of await recordOwners(tx)) checked.push(await verifyRecord(tx, whose, trust, known));
      // A site's start alone leaves entries: who sees none is not shown them, or they are gone.
      if (checked.length === 0) throw new AuditError("peer-data", "entry-missing", "There is no record in this database, or this role is not shown it.");
      allReached(known, checked.map(({ chain }) => chain));
      return checked;
    });
}

async function verifyRecord(tx: Kysely<AuditTables>, whose: Whose, trust: Trust, known: readonly KnownSeal[]): Promise<CheckedRecord> {
  let chain = startOfChain(whose.id);
  for (;;) {
    const seals = await sealsAfter(tx, whose.id, chain.seals, SEALS_AT_ONCE);
    for (const seal of seals) {
      chain = checkBatch(chain, await batchOf(tx, seal), trust);
      holdAgainst(known, chain);
    }
    if (seals.length < SEALS_AT_ONCE) break;
  }
  const { waiting, lost } = await unsealed(tx, whose.id);
  if (lost !== undefined) {
    throw new AuditError("peer-data", "entry-unchained", `Entry ${lost} is in no seal and does not wait for one: it was put in, or kept out, past the site.`, { entry: lost });
  }
  return { whose, chain, waiting };
}
