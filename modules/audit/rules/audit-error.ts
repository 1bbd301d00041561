import { Failure } from "@metersmith/base/errors";

export type AuditErrorCode =
  | "entry-altered"
  | "entry-missing"
  | "entry-unchained"
  | "seal-missing"
  | "seal-altered"
  | "seal-order"
  | "unknown-key"
  | "bad-signature"
  | "not-continued"
  | "bad-file"
  | "no-organization";

/** Why a record of actions does not hold, or cannot be read. `peer-data` is a broken record, `input` a wrong file or option. */
export class AuditError extends Failure<AuditErrorCode> {}
