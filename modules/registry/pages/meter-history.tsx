import { PlainTable, Section, StateBadge, TimeText, Timeline } from "@metersmith/ui";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { Association, Session } from "../../ledger/api/contract.ts";
import { sessionWords } from "../../ledger/rules/session-words.ts";

/** What ran on the meter from when to when, and every session with it, newest first. */
export function MeterHistory({ associations, sessions }: { readonly associations: readonly Association[]; readonly sessions: readonly Session[] }): JSX.Element {
  const spans = associations
    .toSorted((a, b) => a.from.localeCompare(b.from))
    .map(({ id, program, from, to, knownBy }) => ({ id, label: `${program.code} v${program.version}`, detail: `${program.code} version ${program.version}, ${knownBy}`, from, to }));
  return (
    <Section title="History" aside={`${sessions.length} ${sessions.length === 1 ? "session" : "sessions"}`}>
      {spans.length > 0 && <Timeline lanes={[{ label: "program", spans }]} />}
      {sessions.length === 0 ? (
        <p>No session with this meter yet.</p>
      ) : (
        <PlainTable
          label="Sessions with this meter"
          rows={sessions}
          rowKey={(session) => session.id}
          columns={[
            { title: "When", cell: (session) => <Link to="/sessions/$id" params={{ id: session.id }}><TimeText at={session.endedAt ?? session.requestedAt} /></Link> },
            { title: "What", cell: (session) => (session.program === null ? "read" : `program ${session.program.code} v${session.program.version}`) },
            { title: "State", cell: (session) => <StateBadge state={sessionWords(session)} /> },
            { title: "By", cell: (session) => session.requestedBy },
          ]}
        />
      )}
    </Section>
  );
}
