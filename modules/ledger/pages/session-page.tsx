import { DigestText, FailureNotice, Facts, ObjectPage, ObjectSkeleton, PlainTable, ProgressBar, Section, StateBadge, TimeText, apiQuery, type PageProps } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { sessionDetail, type SessionDetail } from "../api/contract.ts";
import { isOpen, sessionWords } from "../rules/session-words.ts";

/** One session with one meter and all of its evidence: steps, changes, bytes written, what was read back. */
export default function SessionPage({ params }: PageProps): JSX.Element {
  const found = useQuery({
    ...apiQuery(`/api/v1/sessions/${params["id"] ?? ""}`, sessionDetail),
    refetchInterval: ({ state }) => (state.data !== undefined && isOpen(state.data) ? 1000 : false),
  });
  if (found.isError && found.data === undefined) return <FailureNotice error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <ObjectSkeleton kind="Session" />;
  const session = found.data;
  const what = session.program === null ? "Read" : `Program ${session.program.code} version ${session.program.version}`;
  return (
    <ObjectPage kind="Session" title={`${what} on ${session.serial}`} state={sessionWords(session)}>
      {session.state === "running" && session.progress !== null && <Section title="Progress"><ProgressBar {...session.progress} /></Section>}
      <Section title="Facts">
        <Facts
          facts={[
            { name: "Meter", value: <Link to="/meters/$id" params={{ id: session.meterId }}>{session.serial}</Link> },
            { name: "Requested", value: <TimeText at={session.requestedAt} /> },
            { name: "Program", value: session.program === null ? "—" : <Link to="/library/$id" params={{ id: session.program.id }}>{session.program.code} version {session.program.version}</Link> },
            { name: "By", value: session.requestedBy },
            { name: "Program digest", value: session.program === null ? "—" : <DigestText value={session.program.digest} label="program digest" /> },
            { name: "Took", value: took(session) },
          ]}
        />
      </Section>
      <LiveState session={session} />
      <Changes title="Differences after reading back" columns={["Wanted", "Read back"]} rows={session.mismatches} />
      <Changes title="Changes" columns={["Before", "After"]} rows={session.changes} />
      <Bytes session={session} />
      {session.steps.length > 0 && (
        <Section title="Steps">
          <PlainTable label="Steps" rows={session.steps} rowKey={(_step, index) => String(index)} columns={[{ title: "UTC", cell: (step) => step.at.slice(11, 23), mono: true }, { title: "Step", cell: (step) => step.text.replaceAll("-", " ") }]} />
        </Section>
      )}
    </ObjectPage>
  );
}

function took({ startedAt, endedAt }: SessionDetail): string {
  if (startedAt === null) return "not started";
  if (endedAt === null) return "not ended";
  return `${((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(1)} s`;
}

function LiveState({ session: { liveState } }: { readonly session: SessionDetail }): JSX.Element | null {
  if (liveState.length === 0) return null;
  return (
    <Section title="Live state after the session">
      <PlainTable
        label="Live state"
        rows={liveState}
        rowKey={(fact) => fact.name}
        columns={[
          { title: "What", cell: (fact) => fact.name },
          { title: "Meter says", cell: (fact) => fact.value },
          { title: "Expected", cell: (fact) => fact.expected ?? "—" },
          { title: "Is", cell: (fact) => (fact.expected === null && fact.ok ? "for information" : <StateBadge state={fact.ok ? { kind: "done", word: "right" } : { kind: "failed", word: "wrong" }} />) },
        ]}
      />
    </Section>
  );
}

function Changes({ title, columns: [before, after], rows }: { readonly title: string; readonly columns: readonly [string, string]; readonly rows: SessionDetail["changes"] }): JSX.Element | null {
  if (rows.length === 0) return null;
  return (
    <Section title={title} aside={`${rows.length.toLocaleString("en")} ${rows.length === 1 ? "field" : "fields"}`}>
      <PlainTable
        label={title}
        rows={rows}
        rowKey={(change) => `${change.table} ${change.path}`}
        columns={[
          { title: "Table", cell: (change) => change.table },
          { title: "Field", cell: (change) => change.path, mono: true },
          { title: "Offset", cell: (change) => change.offset, numeric: true },
          { title: before, cell: (change) => change.before, mono: true },
          { title: after, cell: (change) => change.after, mono: true },
        ]}
      />
    </Section>
  );
}

function Bytes({ session: { written, readBack } }: { readonly session: SessionDetail }): JSX.Element {
  return (
    <>
      {written.length > 0 && (
        <Section title="Written" aside={`${written.reduce((sum, each) => sum + each.octets, 0).toLocaleString("en")} bytes`}>
          <PlainTable
            label="Written"
            rows={written}
            rowKey={(_write, index) => String(index)}
            columns={[
              { title: "Table", cell: (write) => write.table },
              { title: "Offset", cell: (write) => write.offset, numeric: true },
              { title: "Bytes", cell: (write) => write.octets, numeric: true },
              { title: "State", cell: (write) => <StateBadge state={write.state === "acknowledged" ? { kind: "done", word: "acknowledged" } : { kind: "attention", word: "in doubt" }} /> },
            ]}
          />
        </Section>
      )}
      {readBack.length > 0 && (
        <Section title="Read back" aside={`${readBack.length} tables`}>
          <PlainTable
            label="Read back"
            rows={readBack}
            rowKey={(table) => String(table.table)}
            columns={[
              { title: "Table", cell: (table) => table.table },
              { title: "Name", cell: (table) => table.name },
              { title: "Bytes", cell: (table) => table.octets, numeric: true },
              { title: "Digest", cell: (table) => <DigestText value={table.digest} label={`digest of table ${table.table}`} /> },
            ]}
          />
        </Section>
      )}
    </>
  );
}
