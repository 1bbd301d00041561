import { DataTable, FailureNotice, Invitation, StateBadge, TimeText, apiListQuery, type Column, type PageProps } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { session, type Session } from "../api/contract.ts";
import { isOpen, sessionWords } from "../rules/session-words.ts";

const whatText = ({ program }: Session): string => (program === null ? "read" : `program ${program.code} v${program.version}`);
const stateText = (row: Session): string => {
  const { word, detail } = sessionWords(row);
  return detail === undefined ? word : `${word} ${detail}`;
};

const columns: readonly Column<Session>[] = [
  { id: "requested", title: "Requested", text: (row) => row.requestedAt.slice(0, 16), order: (row) => row.requestedAt, cell: (row) => <Link to="/sessions/$id" params={{ id: row.id }}><TimeText at={row.requestedAt} /></Link> },
  { id: "serial", title: "Meter", text: (row) => row.serial, cell: (row) => <Link to="/meters/$id" params={{ id: row.meterId }}>{row.serial}</Link> },
  { id: "what", title: "What", text: whatText },
  { id: "state", title: "State", text: stateText, grows: true, cell: (row) => <StateBadge line state={sessionWords(row)} /> },
  { id: "by", title: "By", text: (row) => row.requestedBy },
];

/** Every session with a meter, newest first. */
export default function SessionsPage({ search, setSearch }: PageProps): JSX.Element {
  const sessions = useQuery({ ...apiListQuery("/api/v1/sessions", session), refetchInterval: ({ state }) => (state.data?.some(isOpen) === true ? 2000 : 15_000) });
  if (sessions.isError && sessions.data === undefined) return <FailureNotice error={sessions.error} onRetry={() => void sessions.refetch()} />;
  return (
    <DataTable
      of="sessions"
      columns={columns}
      rows={sessions.data}
      rowKey={(row) => row.id}
      view={{ filter: search["filter"] ?? "", sort: search["sort"] ?? "" }}
      onView={setSearch}
      empty={<Invitation icon="session" title="No sessions yet">Open a <Link to="/meters">meter</Link> and press Read or Program.</Invitation>}
    />
  );
}
