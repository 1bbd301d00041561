import type { Kysely } from "kysely";
import { counted, type GrowingDelay, waitFor } from "../rules/growing-delay.ts";
import type { IdentityTables } from "./tables.ts";

/** What attempts are counted by, and how much the failed ones delay the next. */
export interface Subject {
  /** `address 192.0.2.1`, `account <digest>`; never an e-mail address itself. */
  readonly key: string;
  readonly delay: GrowingDelay;
}

const FORGOTTEN_MS = 25 * 3_600_000;

/**
 * Counts an attempt as failed before it is made, so that many at once get no further than one after another.
 * @returns how many milliseconds to wait; 0 where the attempt may be made.
 */
export async function countAttempt(db: Kysely<IdentityTables>, { key, delay }: Subject, now: number): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await tx
      .insertInto("sign_in_failure")
      .values({ subject: key, failures: 0, last_at: new Date(now) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const row = await tx.selectFrom("sign_in_failure").selectAll().where("subject", "=", key).forUpdate().executeTakeFirstOrThrow();
    const before = { count: row.failures, lastAt: row.last_at.getTime() };
    const wait = waitFor(delay, before, now);
    if (wait > 0) return wait;
    const { count, lastAt } = counted(delay, before, now);
    await tx.updateTable("sign_in_failure").set({ failures: count, last_at: new Date(lastAt) }).where("subject", "=", key).execute();
    return 0;
  });
}

/** The attempt was good: the one that was counted is taken back. */
export async function takeBack(db: Kysely<IdentityTables>, key: string): Promise<void> {
  await db
    .updateTable("sign_in_failure")
    .set((eb) => ({ failures: eb("failures", "-", 1) }))
    .where("subject", "=", key)
    .where("failures", ">", 0)
    .execute();
}

/** Whoever owns the account has come in: all is forgotten. Along the way goes what nobody asks for any more. */
export async function forget(db: Kysely<IdentityTables>, key: string, now: number): Promise<void> {
  await db
    .deleteFrom("sign_in_failure")
    .where((eb) => eb.or([eb("subject", "=", key), eb("last_at", "<", new Date(now - FORGOTTEN_MS))]))
    .execute();
}
