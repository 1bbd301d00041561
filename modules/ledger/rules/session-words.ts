import type { Session } from "../api/contract.ts";

/** A session's state for people: a kind of the design system's six, a word, and why or what for. */
export interface SessionWords {
  readonly kind: "done" | "running" | "waiting" | "attention" | "failed";
  readonly word: string;
  readonly detail?: string | undefined;
}

/** Whether something is still to be expected of the session. */
export function isOpen(session: Pick<Session, "state">): boolean {
  return session.state === "waiting" || session.state === "running";
}

export function sessionWords(session: Session): SessionWords {
  const reason = session.reason ?? undefined;
  switch (session.state) {
    case "waiting":
      return { kind: "waiting", word: "waiting", detail: session.waitsFor === null ? undefined : `for ${session.waitsFor}` };
    case "running":
      return { kind: "running", word: session.kind === "program" ? "programming" : "reading", detail: session.progress?.step };
    case "verified":
      return { kind: "done", word: "verified", detail: reason };
    case "read":
      return { kind: "done", word: "read", detail: reason };
    case "refused":
      return { kind: "attention", word: "refused", detail: reason };
    case "failed":
      return { kind: "failed", word: "failed", detail: reason };
  }
}
