import { Failure, type FailureContext, type FailureKind } from "@metersmith/base/errors";

/**
 * What the card refuses, with the HTTP status that says so (RFC 9110, RFC 6585) and who has to act.
 * `docs/reference/configuration-interface.md` shows the same table; a test holds the two together.
 */
export const nicErrors = {
  "bad-request": [400, "input"],
  "not-permitted": [403, "input"],
  "no-such-path": [404, "input"],
  "no-such-table": [404, "input"],
  "no-such-field": [404, "input"],
  "method-not-allowed": [405, "input"],
  "not-acceptable": [406, "input"],
  "nothing-begun": [409, "input"],
  "changed-meanwhile": [412, "input"],
  "too-large": [413, "input"],
  "unsupported-media-type": [415, "input"],
  "bad-value": [422, "input"],
  "not-whole": [422, "input"],
  "compare-needed": [428, "input"],
  "no-updates": [501, "peer-refused"],
  "board-refused": [502, "peer-refused"],
  "board-unreadable": [502, "peer-data"],
  "not-taken": [502, "peer-data"],
  busy: [503, "peer-refused"],
} as const satisfies Readonly<Record<string, readonly [status: number, kind: FailureKind]>>;

export type NicErrorCode = keyof typeof nicErrors;

/** The one error of this package. `context` names table, field, octet where they are known. */
export class NicError extends Failure<NicErrorCode> {
  readonly status: number;

  constructor(code: NicErrorCode, message: string, context: FailureContext = {}, cause?: unknown) {
    const [status, kind] = nicErrors[code];
    super(kind, code, message, context, cause);
    this.status = status;
  }
}
