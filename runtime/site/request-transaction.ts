import { Failure } from "@metersmith/base/errors";
import type { FastifyRequest } from "fastify";
import { type ControlledTransaction, type Expression, type Kysely, sql, type SqlBool, type Transaction } from "kysely";
import type { SiteServer } from "./site-module.ts";
import { beginAs, undo } from "./work.ts";

declare module "fastify" {
  interface FastifyRequest {
    /**
     * The one transaction of this request, typed by the asking module's own tables. It begins before the handler, on behalf of who is
     * signed in, and is committed before the first octet of a good answer leaves; any other answer undoes it.
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

/** Gives every route that asks who is there its transaction. Must be added after the guard and before the routes. */
export function addRequestTransaction(server: SiteServer, db: Kysely<unknown>): void {
  const open = new WeakMap<FastifyRequest, ControlledTransaction<unknown>>();
  server.decorateRequest("tx", noTransaction);
  server.decorateRequest("ownRows", noTransaction);
  server.addHook("preHandler", async (request) => {
    if (!request.principal) return;
    const { kind, id, organization } = request.principal;
    const tx = await beginAs(db, { kind, id, organization });
    open.set(request, tx);
    request.ownRows = () => sql<SqlBool>`${sql.ref("organization_id")} = ${organization.id}`;
    request.tx = <Tables>() => tx as Transaction<unknown> as Transaction<Tables>;
  });
  // Every answer passes here, whichever way its handler sent it, and waits: what was accepted is in the database first.
  server.addHook("onSend", async (request, reply) => {
    const tx = open.get(request);
    if (!tx) return;
    open.delete(request);
    if (reply.statusCode >= REFUSED) return undo(tx);
    try {
      await tx.commit().execute();
    } catch (error) {
      await undo(tx);
      throw error;
    }
  });
}
