import { Failure } from "@metersmith/base/errors";

/**
 * `procedure-refused` table 8 gave a result other than 0 · `procedure-lost` table 8 did not answer the procedure that was
 * started · `no-offset-access` a table is larger than the negotiated packets carry and the meter takes no parts of tables ·
 * `unknown-table`, `unknown-field` a name that this meter does not have · `wrong-length` a part of
 * a table is not as long as the meter's dimensions say · `bad-plan` a plan that contradicts itself · `cancelled` the caller's signal ·
 * `list-contradiction` a list of the meter says of itself what cannot be · `sequence-backwards` its numbers are behind those already read ·
 * `list-moving` it changes faster than it can be read · `unsupported-list` it is kept in an order that is not read here ·
 * `other-meter` a position of another meter · `bad-position` what is given as a position is none.
 */
export type ClientErrorCode =
  | "procedure-refused" | "procedure-lost" | "no-offset-access" | "unknown-table" | "unknown-field" | "wrong-length" | "bad-plan" | "cancelled"
  | "list-contradiction" | "sequence-backwards" | "list-moving" | "unsupported-list" | "other-meter" | "bad-position";

/** The one error of this package; failures of the link and of layouts pass through as `PsemError` and `TablesError`. */
export class ClientError extends Failure<ClientErrorCode> {}
