import { Failure } from "@metersmith/base/errors";

export type DatabaseErrorCode =
  | "binaries-missing"
  | "cluster-version"
  | "initdb-failed"
  | "not-ours"
  | "start-failed"
  | "unreachable"
  | "site-name"
  | "migration-name"
  | "migration-failed"
  | "migration-locked"
  | "database-newer";

/** What goes wrong between us and PostgreSQL before a query of a module runs. Queries themselves fail with `pg`'s own errors. */
export class DatabaseError extends Failure<DatabaseErrorCode> {}
