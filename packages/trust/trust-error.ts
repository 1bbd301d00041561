import { Failure } from "@metersmith/base/errors";

/**
 * `bad-metadata` octets that are no metadata of ours · `too-large` more octets than were announced or are allowed · `too-slow` fewer octets in time than a
 * living link gives · `absent` a file that must be there is not · `not-enough-signatures` too few keys of the role signed · `expired` past its time ·
 * `rolled-back` an older version than one that was trusted before · `not-consistent` not the file that the metadata above it names · `not-delegated` a target
 * that its role may not speak for · `bad-target` content that is not the target · `clock` the time is before one that was seen already · `emptied` a
 * delegation would lose all that it had · `bad-key` octets that
 * are no usable key · `bad-draft` what was asked to be made breaks the format or the repository's own rules.
 */
export type TrustErrorCode =
  | "bad-metadata"
  | "too-large"
  | "too-slow"
  | "absent"
  | "not-enough-signatures"
  | "expired"
  | "rolled-back"
  | "not-consistent"
  | "not-delegated"
  | "bad-target"
  | "clock"
  | "emptied"
  | "bad-key"
  | "bad-draft";

/** The one error of this package. `context.place` names the file, and within it the field. */
export class TrustError extends Failure<TrustErrorCode> {}

/** What a repository sent is not to be taken. */
export function refused(code: TrustErrorCode, place: string, reason: string, cause?: unknown): TrustError {
  return new TrustError("peer-data", code, `${place}: ${reason}.`, { place }, cause);
}

/** What the person who keeps the repository asked for cannot be made. */
export function badDraft(place: string, reason: string): TrustError {
  return new TrustError("input", "bad-draft", `${place}: ${reason}.`, { place });
}
