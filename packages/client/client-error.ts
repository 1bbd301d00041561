import { Failure } from "@metersmith/base/errors";

/**
 * `procedure-refused` table 8 gave a result other than 0 · `procedure-lost` table 8 did not answer the procedure that was
 * started · `no-offset-access` a table is larger than the negotiated packets carry and the meter takes no parts of tables · `bad-plan` a
 * plan that contradicts itself · `cancelled` the caller's signal.
 */
export type ClientErrorCode = "procedure-refused" | "procedure-lost" | "no-offset-access" | "bad-plan" | "cancelled";

/** The one error of this package; failures of the link and of layouts pass through as `PsemError` and `TablesError`. */
export class ClientError extends Failure<ClientErrorCode> {}
