import { FailureNotice, Facts, Section, StateBadge, apiQuery } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { sessionDetail, type SessionDetail } from "../../ledger/api/contract.ts";

/** How it is known that the program runs: the session that put it there, in short, with the way to all of it. */
export function MeterEvidence({ sessionId }: { readonly sessionId: string }): JSX.Element {
  const found = useQuery(apiQuery(`/api/v1/sessions/${sessionId}`, sessionDetail));
  return (
    <Section title="How this is known" aside={<Link to="/sessions/$id" params={{ id: sessionId }}>All evidence</Link>}>
      {found.isError && <FailureNotice error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && <Evidence session={found.data} />}
    </Section>
  );
}

const sum = (rows: readonly { readonly octets: number }[]): string => rows.reduce((total, row) => total + row.octets, 0).toLocaleString("en");
const tables = (rows: readonly { readonly table: number }[]): string => [...new Set(rows.map((row) => row.table))].sort((a, b) => a - b).join(", ");

function Evidence({ session }: { readonly session: SessionDetail }): JSX.Element {
  return (
    <Facts
      facts={[
        { name: "Read back", value: `${session.readBack.length} tables, ${sum(session.readBack)} bytes, ${session.mismatches.length} differences` },
        { name: "Written", value: session.written.length === 0 ? "nothing: the meter held it already" : `${sum(session.written)} bytes in tables ${tables(session.written)}` },
        ...session.liveState.map((fact) => ({
          name: fact.name,
          value: fact.expected === null && fact.ok ? fact.value : <StateBadge state={fact.ok ? { kind: "done", word: fact.value } : { kind: "failed", word: fact.value, detail: fact.expected === null ? undefined : `expected ${fact.expected}` }} />,
        })),
      ]}
    />
  );
}
