import { DataTable, FailureNotice, Invitation, StateBadge, TimeText, apiListQuery, type Column, type PageProps, type StateFacts } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import type { JSX } from "react";
import { concentrator, type Concentrator } from "../api/contract.ts";

const stateOf = ({ online }: Concentrator): StateFacts => (online ? { kind: "done", word: "online" } : { kind: "off", word: "away" });

const columns: readonly Column<Concentrator>[] = [
  { id: "name", title: "Concentrator", text: (row) => row.name, grows: true },
  { id: "state", title: "State", text: (row) => stateOf(row).word, cell: (row) => <StateBadge line state={stateOf(row)} /> },
  { id: "since", title: "Since", text: (row) => row.since.slice(0, 16), order: (row) => row.since, cell: (row) => <TimeText at={row.since} /> },
  { id: "meters", title: "Meters", text: (row) => String(row.meters), order: (row) => row.meters, numeric: true },
];

/** The lines to the field: who is there, since when, for how many meters. */
export default function NetworkPage({ search, setSearch }: PageProps): JSX.Element {
  const lines = useQuery({ ...apiListQuery("/api/v1/concentrators", concentrator), refetchInterval: 5000 });
  if (lines.isError && lines.data === undefined) return <FailureNotice error={lines.error} onRetry={() => void lines.refetch()} />;
  return (
    <DataTable
      of="concentrators"
      title="Network"
      about="The lines to the field: who is there, since when, for how many meters."
      columns={columns}
      rows={lines.data}
      rowKey={(row) => row.name}
      view={{ filter: search["filter"] ?? "", sort: search["sort"] ?? "" }}
      onView={setSearch}
      empty={<Invitation icon="network" title="Nobody has called in yet">Concentrators show here once they reach this site's MQTT broker.</Invitation>}
    />
  );
}
