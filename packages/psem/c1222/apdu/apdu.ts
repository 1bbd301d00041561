import type { ApTitle } from "./ap-title.ts";
import type { AuthenticationValue } from "./authentication-value.ts";

/** Elements of a message in the order of the wire. Source: docs/reference/c1222.md 2. */
export const apduTag = {
  message: 0x60,
  context: 0xa1,
  called: 0xa2,
  fullSize: 0xa3,
  calledInvocation: 0xa4,
  calling: 0xa6,
  qualifier: 0xa7,
  callingInvocation: 0xa8,
  mechanism: 0x8b,
  authentication: 0xac,
  userInformation: 0xbe,
} as const;

/** Bits of the calling-AE-qualifier. */
export const qualifierBit = { test: 1, urgent: 2, notification: 4 } as const;

/** What stands before the user information. Identifiers and integers are content octets as on the wire. */
export interface ApduHeader {
  /** Application context: an absolute identifier. */
  readonly context?: Uint8Array | undefined;
  readonly called?: ApTitle | undefined;
  /** Octets of the message that this one is a segment of; present in segments only. */
  readonly fullSize?: number | undefined;
  /** In an answer, the invocation of what it answers. */
  readonly calledInvocation?: Uint8Array | undefined;
  readonly calling?: ApTitle | undefined;
  /** Bits of `qualifierBit`. */
  readonly qualifier?: number | undefined;
  readonly callingInvocation?: Uint8Array | undefined;
  /** Security mechanism: an absolute identifier. */
  readonly mechanism?: Uint8Array | undefined;
  readonly authentication?: AuthenticationValue | undefined;
}

/** One message (ACSE application protocol data unit). */
export interface Apdu extends ApduHeader {
  /** Indirect reference of the user information, or the octet offset of a segment. */
  readonly reference?: Uint8Array | undefined;
  /** EPSEM with its control octet and, where protected, its authentication code; or a segment's part of a message. */
  readonly content: Uint8Array;
}

/** Octets of an integer that we read. */
export const longestInteger = 5;

/** Unsigned, most significant first: identifiers with the top bit set occur, and are not negative (observed in clients). */
export function unsignedOf(octets: Uint8Array): number {
  return octets.reduce((value, octet) => value * 256 + octet, 0);
}
