/**
 * Who has to act on a failure:
 * `input` the person's file or field is wrong; `peer-data` the peer sent bytes that mean nothing; `peer-refused` the peer
 * understood and said no; `link` the connection failed; `misuse` the caller broke the interface; `bug` ours.
 */
export type FailureKind = "input" | "peer-data" | "peer-refused" | "link" | "misuse" | "bug";

/** Facts that place a failure: file, field, table, offset, expected, actual. Never secrets. */
export type FailureContext = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The base of each package's one error class. `code` is stable and lowercase-with-dashes; the message is for people. */
export class Failure<Code extends string = string> extends Error {
  readonly code: Code;
  readonly kind: FailureKind;
  readonly context: FailureContext;

  constructor(kind: FailureKind, code: Code, message: string, context: FailureContext = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.kind = kind;
    this.code = code;
    this.context = context;
  }
}

/** Whether something caught is a failure of ours. `instanceof` alone would leave its code untyped. */
export function isFailure(caught: unknown): caught is Failure {
  return caught instanceof Failure;
}

/** Process exit codes by kind of failure, for every command of ours. 0 is success; 2 is a wrong command line. */
export const exitCodes: Readonly<Record<FailureKind, number>> = {
  input: 3,
  "peer-data": 4,
  "peer-refused": 5,
  link: 6,
  misuse: 2,
  bug: 70,
};
