import type { DatabaseSync } from "node:sqlite";

/**
 * All that `work` writes, or nothing of it where it throws. Within another one it is a part of that: durable when the outermost returns, which must come before anybody
 * is told. Not for work that waits.
 */
export function together<Result>(database: DatabaseSync, work: () => Result): Result {
  const inner = database.isTransaction;
  database.exec(inner ? "savepoint part" : "begin immediate");
  try {
    const result = work();
    database.exec(inner ? "release part" : "commit");
    return result;
  } catch (error) {
    database.exec(inner ? "rollback to part; release part" : "rollback");
    throw error;
  }
}
