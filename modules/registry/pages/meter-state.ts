import type { StateFacts } from "@metersmith/ui";
import type { Association, Session } from "../../ledger/api/contract.ts";
import { isOpen, sessionWords } from "../../ledger/rules/session-words.ts";

/**
 * A meter's state in one word, the most urgent first: what is happening, what went wrong last, what is known to run on it.
 * `latest` is its newest session.
 */
export function meterState(latest: Session | undefined, current: Association | undefined): StateFacts {
  if (latest !== undefined && (isOpen(latest) || latest.state === "failed" || latest.state === "refused")) return sessionWords(latest);
  if (current !== undefined) return { kind: "done", word: "programmed", detail: current.knownBy };
  return { kind: "off", word: "not programmed", detail: latest === undefined ? "no session with it yet" : undefined };
}

/** The newest session of each meter, from sessions in any order. */
export function latestByMeter(sessions: readonly Session[]): ReadonlyMap<string, Session> {
  const latest = new Map<string, Session>();
  for (const session of sessions) {
    const known = latest.get(session.meterId);
    if (known === undefined || known.requestedAt < session.requestedAt) latest.set(session.meterId, session);
  }
  return latest;
}

/** When the session that ended last did so: null where none has, undefined while the sessions are not known. */
export function newestEnd(sessions: readonly Session[] | undefined): string | null | undefined {
  return sessions?.reduce<string | null>((newest, { endedAt }) => (endedAt !== null && (newest === null || endedAt > newest) ? endedAt : newest), null);
}
