import type { Action, ActionTrail } from "@metersmith/site/action";
import { type Expression, type Kysely, type Selectable, sql, type SqlBool, type Transaction } from "kysely";
import type { AuditEntry, AuditFilter, ListedEntry } from "../api/contract.ts";
import type { AuditTables } from "./tables.ts";

/** An entry for each subject, in the transaction of the change. */
export const auditTrail: ActionTrail = {
  async record(tx, action) {
    await (tx as Transaction<AuditTables>).insertInto("audit_entry").values(rowsOf(action)).execute();
  },
};

function rowsOf({ by, byName, roles, from, session, verb, subjects, reason }: Action) {
  return subjects.map(({ kind, id, name, digest, facts }) => ({
    actor_kind: by.kind,
    actor_id: by.id,
    actor_name: byName,
    roles: [...roles],
    address: from ?? null,
    session: session ?? null,
    verb,
    object_kind: kind,
    object_id: id,
    object_name: name ?? null,
    digest: digest ?? null,
    reason: reason ?? null,
    facts: JSON.stringify(facts ?? {}),
  }));
}

export const entryColumns = [
  "entry.public_id", "entry.organization_id", "entry.at", "entry.actor_kind", "entry.actor_id", "entry.actor_name", "entry.roles", "entry.address", "entry.session",
  "entry.verb", "entry.object_kind", "entry.object_id", "entry.object_name", "entry.digest", "entry.reason", "entry.facts",
] as const;

type Column = (typeof entryColumns)[number] extends `entry.${infer Name}` ? Name : never;

export function entryOf(row: Pick<Selectable<AuditTables["audit_entry"]>, Column>): AuditEntry {
  return {
    id: row.public_id,
    organization: row.organization_id,
    at: row.at.toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name, roles: row.roles },
    address: row.address,
    session: row.session,
    verb: row.verb,
    object: { kind: row.object_kind, id: row.object_id, name: row.object_name },
    digest: row.digest,
    reason: row.reason,
    facts: row.facts,
  };
}

/** Newest first, `limit` at most, those before the one whose key is given. */
export async function listEntries(db: Kysely<AuditTables>, own: Expression<SqlBool>, limit: number, filter: AuditFilter, afterKey?: string): Promise<ListedEntry[]> {
  const { who, verb, object, from, to } = filter;
  let query = db
    .selectFrom(db.selectFrom("audit_entry").selectAll().where(own).as("entry"))
    .leftJoin("audit_leaf as leaf", "leaf.entry_id", "entry.id")
    .select([...entryColumns, "leaf.seal_number"])
    .orderBy("entry.id", "desc")
    .limit(limit);
  if (afterKey !== undefined) query = query.where("entry.id", "<", afterKey);
  if (who !== undefined) query = query.where((eb) => eb.or([eb("entry.actor_id", "=", who), eb("entry.actor_name", "=", who)]));
  // A resource alone stands for all its verbs; `/` is the character after `.`.
  if (verb !== undefined) query = verb.includes(".") ? query.where(sql<SqlBool>`entry.verb collate "C" = ${verb}`) : query.where(sql<SqlBool>`entry.verb collate "C" >= ${`${verb}.`} and entry.verb collate "C" < ${`${verb}/`}`);
  if (object !== undefined) query = query.where((eb) => eb.or((["object_id", "object_name", "object_kind"] as const).map((column) => eb(`entry.${column}`, "=", object))));
  if (from !== undefined) query = query.where("entry.at", ">=", new Date(from));
  if (to !== undefined) query = query.where("entry.at", "<", new Date(to));
  return (await query.execute()).map((row) => ({ ...entryOf(row), seal: row.seal_number === null ? null : Number(row.seal_number) }));
}
