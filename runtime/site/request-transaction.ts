import { Failure } from "@metersmith/base/errors";
import type { FastifyRequest } from "fastify";
import { type ControlledTransaction, type Expression, type Kysely, sql, type SqlBool, type Transaction } from "kysely";
import type { SiteServer } from "./site-module.ts";
import type { ActionTrail, Subject } from "./action.ts";
import { beginAs, undo } from "./work.ts";

declare module "fastify" {
  interface FastifyRequest {
    /**
     * The one transaction of this request, typed by the asking module's own tables. It begins before the handler, on behalf of who is
     * signed in, and is committed before the first octet of a good answer leaves, together with the record of what was done; any other
     * answer undoes it. In a route without an action it may only read.
     * @throws Failure `misuse` in a route that is open to anybody.
     */
    tx: <Tables>() => Transaction<Tables>;
    /**
     * The condition that a row with an `organization_id` is the asking organization's. Every query of such rows names it, beside the
     * row-level security that says the same: either alone keeps organizations apart.
     */
    ownRows: () => Expression<SqlBool>;
  }
}

const REFUSED = 400;

function noTransaction(): never {
  throw new Failure("misuse", "no-transaction", "a route that is open to anybody has no transaction");
}

/** What is known of a request by the time of its commit. */
interface OpenRequest {
  readonly tx: ControlledTransaction<unknown>;
  readonly subjects: Subject[];
  reason: string | undefined;
}

/** Gives every route that asks who is there its transaction. Must be added after the guard and before the routes. */
export function addRequestTransaction(server: SiteServer, db: Kysely<unknown>, trail: ActionTrail): void {
  const open = new WeakMap<FastifyRequest, OpenRequest>();
  for (const name of ["tx", "ownRows", "acted", "because"] as const) server.decorateRequest(name, noTransaction);
  server.addHook("preHandler", async (request) => {
    if (!request.principal) return;
    const { kind, id, organization } = request.principal;
    const tx = await beginAs(db, { kind, id, organization }, request.routeOptions.config.action === undefined);
    const known: OpenRequest = { tx, subjects: [], reason: undefined };
    open.set(request, known);
    request.ownRows = () => sql<SqlBool>`${sql.ref("organization_id")} = ${organization.id}`;
    request.tx = <Tables>() => tx as Transaction<unknown> as Transaction<Tables>;
    request.acted = (...subjects) => void known.subjects.push(...subjects);
    request.because = (reason) => void (known.reason = reason);
  });
  // Every answer passes here, whichever way its handler sent it, and waits: what was accepted is in the database first.
  server.addHook("onSend", async (request, reply) => {
    const known = open.get(request);
    if (!known) return;
    open.delete(request);
    if (reply.statusCode >= REFUSED) return undo(known.tx);
    try {
      await record(request, known, trail);
      await known.tx.commit().execute();
    } catch (error) {
      await undo(known.tx);
      throw error;
    }
  });
}

async function record(request: FastifyRequest, { tx, subjects, reason }: OpenRequest, trail: ActionTrail): Promise<void> {
  const { action } = request.routeOptions.config;
  const { principal } = request;
  if (typeof action !== "string" || !principal) return;
  if (subjects.length === 0) {
    throw new Failure("bug", "action-without-subject", `${request.method} ${request.routeOptions.url} did not say what “${action}” was done on (request.acted)`);
  }
  const { kind, id, email, roles, session } = principal;
  await trail.record(tx, {
    by: { kind, id },
    byName: email,
    roles,
    from: request.ip,
    ...(session === undefined ? {} : { session }),
    verb: action,
    subjects,
    ...(reason === undefined ? {} : { reason }),
  });
}
