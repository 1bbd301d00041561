import { Failure } from "@metersmith/base/errors";

/** Who takes part. Machines act under their own names; only people count as eyes. */
export interface Party {
  readonly kind: "person" | "machine";
  /** The account's id, never its e-mail address: addresses change hands. */
  readonly id: string;
}

/** One person's word on one content. */
export interface Approval {
  readonly by: Party;
  /** `sha256:hex` of exactly what was looked at. */
  readonly digest: string;
}

/** What waits for approval. */
export interface Approvable {
  /** `sha256:hex` of the content as it is now. A change of content makes earlier approvals void. */
  readonly digest: string;
  /** Everyone who wrote, changed or asked for it. */
  readonly contributors: readonly Party[];
  readonly approvals: readonly Approval[];
}

export type FourEyesCode = "no-contributor" | "approver-is-machine" | "own-work" | "other-content" | "approved-already";

export class FourEyesError extends Failure<FourEyesCode> {
  constructor(code: FourEyesCode, message: string) {
    super("input", code, message);
  }
}

/**
 * Refuses an approval that would not be a second pair of eyes. No role, permission or setting is asked: the caller checks
 * the right to approve beside this, and nothing turns this off.
 * @throws FourEyesError with the first reason that holds.
 */
export function requireFourEyes(subject: Approvable, { by, digest }: Approval): void {
  const reason = whyNot(subject, { by, digest });
  if (reason) throw new FourEyesError(reason, words[reason]);
}

/**
 * Whether other people than its contributors have approved this very content. Asked again before anything is done with it:
 * approvals stored by another way, or before the content changed, do not count.
 */
export function hasFourEyes(subject: Approvable): boolean {
  const before: Approvable = { ...subject, approvals: [] };
  return subject.approvals.some((approval) => whyNot(before, approval) === undefined);
}

const words: Readonly<Record<FourEyesCode, string>> = {
  "no-contributor": "Nobody is on record as its author, so nobody can be told apart from the author. Record who made it first.",
  "approver-is-machine": "A machine cannot approve. Ask a person.",
  "own-work": "Who made, changed or requested this cannot approve it. Ask a colleague.",
  "other-content": "It has changed since you looked at it. Look at it again, then approve.",
  "approved-already": "You have approved this already. A second approval takes another person.",
};

function whyNot({ digest, contributors, approvals }: Approvable, approval: Approval): FourEyesCode | undefined {
  const isApprover = ({ kind, id }: Party): boolean => kind === approval.by.kind && id === approval.by.id;
  if (contributors.length === 0) return "no-contributor";
  if (approval.by.kind === "machine") return "approver-is-machine";
  if (contributors.some(isApprover)) return "own-work";
  if (approval.digest !== digest) return "other-content";
  if (approvals.some((given) => given.digest === digest && isApprover(given.by))) return "approved-already";
  return undefined;
}
