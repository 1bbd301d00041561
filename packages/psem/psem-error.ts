import { Failure, type FailureContext, type FailureKind } from "@metersmith/base/errors";
import { responseNamed, type Refusal } from "./services/response-code.ts";

/**
 * A refusal carries the response code's mnemonic as its code. The others:
 * `hung-up` the channel closed; `timeout` nothing came, or no packet of ours was acknowledged; `packet-refused` each attempt
 * was answered by NAK; `lost-packet` the peer's packets arrived with a gap and asking again did not help;
 * `bad-response` bytes that mean nothing as this service's answer; `bad-checksum` table data whose checksum is wrong;
 * `bad-request` the same of a request, at the server end; `too-large` more than the negotiated packets carry; `bad-argument` a value outside the
 * range of its field; `closed` the client was closed by its owner. Of C12.22: `bad-apdu` bytes that are no message of it;
 * `not-authentic` a message whose code does not prove who sent it, or less protected than agreed; `unknown-key` one under a key number
 * that this end does not hold; `replayed` one that came before, or is too old to tell.
 */
export type PsemErrorCode =
  | Refusal
  | "hung-up" | "timeout" | "packet-refused" | "lost-packet"
  | "bad-response" | "bad-checksum" | "bad-request"
  | "too-large" | "bad-argument" | "closed"
  | "bad-apdu" | "not-authentic" | "unknown-key" | "replayed";

const kindOf: Readonly<Record<Exclude<PsemErrorCode, Refusal>, FailureKind>> = {
  "hung-up": "link",
  timeout: "link",
  "packet-refused": "link",
  "lost-packet": "link",
  "bad-response": "peer-data",
  "bad-checksum": "peer-data",
  "bad-request": "peer-data",
  "too-large": "misuse",
  "bad-argument": "misuse",
  closed: "misuse",
  "bad-apdu": "peer-data",
  "not-authentic": "peer-data",
  "unknown-key": "peer-data",
  replayed: "peer-data",
};

function isRefusal(code: PsemErrorCode): code is Refusal {
  return !Object.hasOwn(kindOf, code);
}

/** Everything that this package throws or rejects with (a cancelled call rejects with its signal's reason instead). */
export class PsemError extends Failure<PsemErrorCode> {
  constructor(code: PsemErrorCode, message: string, context: FailureContext = {}, cause?: unknown) {
    super(isRefusal(code) ? "peer-refused" : kindOf[code], code, message, context, cause);
  }

  /** The meter understood `what` ("read table 54") and said no. */
  static refusal(code: Refusal, what: string, context: FailureContext = {}): PsemError {
    const { meaning, advice } = responseNamed(code);
    return new PsemError(code, `The meter refused to ${what}: ${meaning} (${code}). ${advice}`, context);
  }
}
