import type { DecodedTable, TableId } from "@metersmith/tables";
import { ClientError } from "../client-error.ts";

/** What a list of the meter (event log, load profile set) says of itself. */
export interface ListStatus {
  readonly table: TableId;
  /** Places. */
  readonly size: number;
  readonly valid: number;
  /** Place of the newest entry. */
  readonly last: number;
  /** Number of the newest entry there ever was. */
  readonly sequence: number;
  readonly unread: number;
  /** The newest entry has the lowest place of its neighbours: older ones follow it. */
  readonly descending: boolean;
  readonly overflowed: boolean;
}

export interface ListFields {
  readonly flags: string;
  readonly valid: string;
  readonly last: string;
  readonly sequence: string;
  readonly unread: string;
}

/**
 * Reads and doubts: more entries than places, a newest entry outside of them, more unread than there are. Throws `list-contradiction`, before anything
 * is asked of the meter that follows from such numbers.
 */
export function readListStatus(decoded: DecodedTable, fields: ListFields, size: number): ListStatus {
  const { table } = decoded;
  const number = (path: string): number => Number(decoded.get(path));
  const status = {
    table, size, valid: number(fields.valid), last: number(fields.last), sequence: number(fields.sequence), unread: number(fields.unread),
    descending: decoded.get(`${fields.flags}.ORDER`) === true, overflowed: decoded.get(`${fields.flags}.OVERFLOW_FLAG`) === true,
  };
  if (status.valid > size) throw contradiction(table, fields.valid, `at most ${size}, its places`, status.valid);
  if (status.valid > 0 && status.last >= size) throw contradiction(table, fields.last, `a place from 0 to ${size - 1}`, status.last);
  if (status.unread > status.valid) throw contradiction(table, fields.unread, `at most the ${status.valid} valid ones`, status.unread);
  if (status.valid > status.sequence + 1) throw contradiction(table, fields.sequence, `at least ${status.valid - 1}, with ${status.valid} valid entries`, status.sequence);
  return status;
}

/** Number of the oldest entry there is; one more than the newest where there is none. Numbers may begin anywhere. */
export function oldestOf({ sequence, valid }: ListStatus): number {
  return sequence - valid + 1;
}

/** The place of an entry by its number, which must be from `oldestOf` to `sequence`. Places are a ring. */
export function placeOf({ sequence, last, size, descending }: ListStatus, number: number): number {
  const back = sequence - number;
  return descending ? (last + back) % size : (((last - back) % size) + size) % size;
}

/**
 * Numbers of the entries after `read`, and how many of those the meter has dropped. Throws `sequence-backwards` where the meter's newest number is below what was
 * read before: the list was cleared, or the meter is not the one it says.
 */
export function newSince(status: ListStatus, read: number | undefined, field: string): { readonly first: number; readonly lost: number } {
  const oldest = oldestOf(status);
  if (read === undefined) return { first: oldest, lost: 0 };
  if (read > status.sequence) throw backwards(status.table, field, read, status.sequence);
  return { first: Math.max(read + 1, oldest), lost: Math.max(0, oldest - read - 1) };
}

export function backwards(table: TableId, field: string, read: number, newest: number): ClientError {
  return new ClientError(
    "peer-data", "sequence-backwards",
    `Table ${table}, ${field}: the newest entry is number ${newest}, and number ${read} was read before. The meter was replaced or began its list anew: look into it, then read it without a position.`,
    { table, field, expected: read, actual: newest },
  );
}

export function contradiction(table: TableId, field: string, expected: string, actual: number | string): ClientError {
  return new ClientError("peer-data", "list-contradiction", `Table ${table}, ${field}: the meter says ${actual}; expected ${expected}. Its list cannot be trusted.`, { table, field, expected, actual });
}
