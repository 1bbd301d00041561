import { digestOf, digestOfValue } from "@metersmith/base/digest";
import { isFailure } from "@metersmith/base/errors";
import type { Subject } from "@metersmith/site/action";
import type { Kysely } from "kysely";
import { endSession, type TakenSession, takeSession } from "../store/progress.ts";
import { converse } from "./converse.ts";
import type { LedgerTables } from "../store/tables.ts";
import type { Outcome, SessionHost } from "./session-host.ts";

/** Tries at storing how a session ended, and the pause after the first, doubled each time: about half a minute in all. */
const STORING_TRIES = 8;
const FIRST_PAUSE_MS = 250;

/**
 * Holds one session with one meter and stores how it ended, with its evidence. A failure of the session is a recorded outcome. A
 * database that does not take the outcome is asked again; if it never does, the session stays running until `restartInterrupted`
 * finds that nobody holds it. Rejects only where the session could not be taken, so that the job can be given out again.
 */
export async function holdSession(id: string, host: SessionHost): Promise<void> {
  const { work, clock, log } = host;
  const session = await work.act<LedgerTables, TakenSession | undefined>(
    { verb: "session.start", on: (taken) => (taken ? [subjectOf(taken)] : []) },
    (tx) => takeSession(tx, id, new Date(clock.now())),
  );
  if (!session) return;
  const outcome = await outcomeOf(session, host);
  const at = new Date(clock.now());
  for (let attempt = 1; ; attempt++) {
    try {
      return await work.act<LedgerTables, void>({ verb: "session.end", on: () => [endedSubject(session, outcome)] }, async (tx) => {
        await endSession(tx, session, { ...outcome, at });
        if (outcome.readBack.length > 0) await host.meters.seen(tx as Kysely<LedgerTables> as Kysely<unknown>, session.meterId, at);
      });
    } catch (error) {
      log.error("the end of a session was not stored", { session: id, attempt, error });
      if (attempt === STORING_TRIES) return;
      await new Promise<void>((resolve) => void clock.after(FIRST_PAUSE_MS * 2 ** (attempt - 1), resolve));
    }
  }
}

function subjectOf({ id, kind, meterId, requestedBy }: TakenSession): Subject {
  return { kind: "session", id, facts: { kind, meter: meterId, "requested-by": requestedBy } };
}

/** The digest is over the evidence that is kept: how it ended, what was found, and the tables as read back. */
function endedSubject(session: TakenSession, { state, reason, report, readBack, runs }: Outcome): Subject {
  const digest = digestOfValue({ state, reason, report, readBack: readBack.map(({ table, bytes }) => [table, digestOf(bytes)]), runs });
  const { facts, ...subject } = subjectOf(session);
  return { ...subject, digest, facts: { ...facts, state, runs: runs.kind } };
}

async function outcomeOf(session: TakenSession, host: SessionHost): Promise<Outcome> {
  try {
    return await converse(session, host);
  } catch (error) {
    if (!isFailure(error)) host.log.error("session failed", { session: session.id, error });
    const reason = isFailure(error) ? error.message : "The session failed on our side; the site's log says more.";
    return { state: "failed", reason, report: null, readBack: [], runs: { kind: "as-before" } };
  }
}
