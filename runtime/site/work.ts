import { type ControlledTransaction, type Kysely, sql, type Transaction } from "kysely";
import type { ActionTrail, Subject } from "./action.ts";
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

type Run<Tables, Result> = (tx: Transaction<Tables>) => Promise<Result>;

/** What the site does by itself, e.g. `session.end`, and on what; a result that was nothing gives no subject. */
export interface SiteAction<Result> {
  readonly verb: string;
  readonly on: (result: Result) => readonly Subject[];
  readonly reason?: string;
  /** Network address of who made the site do it without being signed in. */
  readonly from?: string;
}

/**
 * Work on the database on the site's own behalf, for jobs and for what happens at the start; each call is one transaction, committed
 * where it resolves and undone where it rejects. A request has a transaction of its own, `request.tx`.
 */
export interface Work {
  /** Looks; the database refuses to write. */
  read<Tables, Result>(run: Run<Tables, Result>): Promise<Result>;
  /** Does something, which goes on record in the same transaction. What was done on no subject is undone. */
  act<Tables, Result>(action: SiteAction<Result>, run: Run<Tables, Result>): Promise<Result>;
  /**
   * Notes what was observed, or how far a recorded action has come: presence, a step of a session. Nobody decided it, so nobody acted;
   * a test keeps the list of who uses this.
   */
  note<Tables, Result>(run: Run<Tables, Result>): Promise<Result>;
}

export function siteWork(db: Kysely<unknown>, trail: ActionTrail): Work {
  return {
    read: (run) => inTransaction(db, true, run),
    note: (run) => inTransaction(db, false, run),
    act: ({ on, ...said }, run) =>
      inTransaction(db, false, run, async (tx, result) => {
        const subjects = on(result);
        if (subjects.length > 0) await trail.record(tx, { by: theSite, byName: theSite.id, roles: [], ...said, subjects });
        return subjects.length > 0;
      }),
  };
}

/** @param keep says of what came out whether it is to be committed. */
async function inTransaction<Tables, Result>(
  db: Kysely<unknown>,
  readOnly: boolean,
  run: Run<Tables, Result>,
  keep: (tx: Transaction<unknown>, result: Result) => Promise<boolean> = async () => true,
): Promise<Result> {
  const tx = await beginAs(db, theSite, readOnly);
  try {
    // Each module knows its own tables; the pool is one.
    const result = await run(tx as Transaction<unknown> as Transaction<Tables>);
    if (await keep(tx, result)) await tx.commit().execute();
    else await undo(tx);
    return result;
  } catch (error) {
    await undo(tx);
    throw error;
  }
}

/** Begins a transaction on somebody's behalf. One that may only read is refused to write by the database itself. */
export async function beginAs(db: Kysely<unknown>, actor: Actor, readOnly: boolean): Promise<ControlledTransaction<unknown>> {
  const tx = await db.startTransaction().setAccessMode(readOnly ? "read only" : "read write").execute();
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
