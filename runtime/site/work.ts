import { type ControlledTransaction, type Kysely, sql, type Transaction } from "kysely";
import type { Organization } from "./principal.ts";

/** On whose behalf a transaction runs; the database knows it as well as the code does. */
export interface Actor {
  /** `site` is the site's own work: what it does at its start and in its jobs. */
  readonly kind: "person" | "machine" | "site";
  readonly id: string;
  /** Whose rows they see. Undefined: nobody's, as with the site itself. */
  readonly organization?: Pick<Organization, "id" | "owner">;
}

export const theSite: Actor = { kind: "site", id: "site" };

/** `kind id`, as rows keep it and as `current_setting('metersmith.actor')` gives it inside a transaction. */
export const actorText = ({ kind, id }: Actor): string => `${kind} ${id}`;

/**
 * Runs something in one transaction on the site's own behalf, committed where it resolves and undone where it rejects. For jobs and for
 * what happens at the start; a request has a transaction of its own, `request.tx`.
 */
export type Work = <Tables, Result>(run: (tx: Transaction<Tables>) => Promise<Result>) => Promise<Result>;

export function siteWork(db: Kysely<unknown>): Work {
  return <Tables, Result>(run: (tx: Transaction<Tables>) => Promise<Result>) =>
    db.transaction().execute(async (tx) => {
      await actAs(tx, theSite);
      // Each module knows its own tables; the pool is one.
      return run(tx as Transaction<Tables>);
    });
}

/** Begins the transaction of one request, on behalf of who sent it. */
export async function beginAs(db: Kysely<unknown>, actor: Actor): Promise<ControlledTransaction<unknown>> {
  const tx = await db.startTransaction().execute();
  try {
    await actAs(tx, actor);
    return tx;
  } catch (error) {
    await undo(tx);
    throw error;
  }
}

/** Undoes and gives the connection back; one that is broken has undone already. */
export async function undo(tx: ControlledTransaction<unknown>): Promise<void> {
  await tx
    .rollback()
    .execute()
    .catch(() => undefined);
}

/** For this transaction only (`set_config(…, true)`): the next user of the connection does not inherit it. */
async function actAs(tx: Transaction<unknown>, actor: Actor): Promise<void> {
  const { id = "", owner = false } = actor.organization ?? {};
  await sql`
    select set_config('metersmith.actor', ${actorText(actor)}, true),
      set_config('metersmith.organization', ${id}, true), set_config('metersmith.owner', ${String(owner)}, true)`.execute(tx);
}

/** From here on the transaction works on the rows of another organization, as its first people are made by who runs the site. */
export async function actFor<Tables>(tx: Transaction<Tables>, organizationId: string): Promise<void> {
  await sql`select set_config('metersmith.organization', ${organizationId}, true)`.execute(tx);
}
