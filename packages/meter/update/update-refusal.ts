import { ImagesError, type Refusal } from "@metersmith/images";

/**
 * How an update ended or was refused; the places in this list are the numbers of the status table and never change. `none` nothing yet · `done` · `aborted` ·
 * why it was taken back: `reverted` by command, `self-test` the new firmware failed it, `boots` it was not confirmed in as many starts, `time` nor in that time,
 * `copy` the copy never read as it should, `buffer` the buffer did not read as it was verified · why it is refused: `phase` not what can be done now, `range` not
 * octets of the buffer, `differs` other octets are there, `incomplete` octets are missing, `too-large`, `image` no image, `signature` not by a key that is trusted for
 * this, `not-bound` parts of another image, then as `manifestRefusals` and `reviewRefusals` have them, `content` it would do what this meter does not do, `early`
 * before its time, `memory` the memory did not take it · `procedure` a procedure of the program did not complete.
 */
export const refusalCodes = [
  "none", "done", "aborted", "reverted", "self-test", "boots", "time", "copy", "buffer", "phase", "range", "differs", "incomplete", "too-large", "image", "signature", "not-bound",
  "device-type", "hardware", "firmware", "counter", "clock", "expired", "audience", "test", "table-changed", "table-missing", "content", "early", "memory", "procedure",
] as const;
export type OutcomeCode = (typeof refusalCodes)[number];

export interface UpdateRefusal {
  readonly code: OutcomeCode;
  /** A table's or procedure's number, 0 where none is meant. */
  readonly place: number;
  /** For people. */
  readonly reason: string;
}

export function refused(code: OutcomeCode, reason: string, place = 0): UpdateRefusal {
  return { code, place, reason };
}

/** What `verifyImage` threw. Throws anything else on. */
export function refusedImage(error: unknown): UpdateRefusal {
  if (!(error instanceof ImagesError)) throw error;
  const { code, message } = error;
  if (code === "not-bound") return refused("not-bound", message);
  if (code === "unknown-key" || code === "key-not-allowed" || code === "bad-signature") return refused("signature", message);
  return refused("image", message);
}

/** The first of several reasons, as the status table takes one. */
export function refusedFirst([first]: readonly Refusal[]): UpdateRefusal | undefined {
  const table = first && /^table (\d+)$/.exec(first.place);
  return first && refused(first.code, first.reason, table ? Number(table[1]) : 0);
}
