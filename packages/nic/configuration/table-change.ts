import { accessMask, changes, merge, type MeterContext, type BitChange } from "@metersmith/tables";
import { NicError } from "../nic-error.ts";
import type { BoardSession } from "./board-session.ts";
import type { GivenImage } from "./given-value.ts";

/** Tables that are no configuration, and why. */
const elsewhere: ReadonlyMap<number, string> = new Map([
  [7, "runs procedures"],
  [8, "answers procedures"],
  // It would lock itself out, and then, trying the old one again and again, everybody else.
  [42, "holds the passwords, of which the card uses one itself"],
]);

/** Throws `not-permitted` for tables that are no configuration. */
export function mustBeConfiguration(table: number): void {
  const why = elsewhere.get(table);
  if (why !== undefined) throw new NicError("not-permitted", `Table ${table} ${why}; that is not configuration, and not offered here.`, { table });
}

/**
 * Brings a table to what was given, in one request to the board, and reads it back. Nothing is written where a field changes that its definition does not let be written.
 * Gives what changed. Throws `not-permitted`, `not-taken`, and what the board refuses.
 */
export function changeTable(session: BoardSession, context: MeterContext, table: number, before: Uint8Array, given: GivenImage): { readonly changed: readonly BitChange[]; readonly after: Uint8Array } {
  const wanted = { table, ...given };
  const target = merge(before, wanted);
  const changed = changes(context, before, wanted);
  const fixed = accessMask(context.layout(table), "write").map((octet) => ~octet);
  const [forbidden] = changes(context, before, { table, bytes: target, mask: fixed });
  if (forbidden) throw new NicError("not-permitted", `Table ${table}, ${forbidden.path}: this field cannot be written.`, { table, field: forbidden.path, offset: forbidden.offset });
  if (changed.length === 0) return { changed, after: before };
  const first = before.findIndex((octet, at) => octet !== target[at]);
  const last = before.findLastIndex((octet, at) => octet !== target[at]);
  const whole = !context.accessMethods.offset;
  session.write(table, whole ? 0 : first, whole ? target : target.slice(first, last + 1), whole);
  const after = session.read(table);
  const [differs] = after.length === target.length ? changes(context, after, wanted) : [];
  if (differs) throw new NicError("not-taken", `Table ${table}, ${differs.path}: the meter acknowledged the change and reads back another value.`, { table, field: differs.path, offset: differs.offset });
  if (after.length !== target.length) throw new NicError("not-taken", `Table ${table} has another length after the change.`, { table, expected: target.length, actual: after.length });
  return { changed, after };
}

/** A change as it is told. */
export function changeFacts({ path, offset, before, after }: BitChange) {
  return { field: path, offset, before: plain(before), after: plain(after) };
}

function plain(value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
