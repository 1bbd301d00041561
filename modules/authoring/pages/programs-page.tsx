import { DataTable, DigestText, FailureNotice, Invitation, TimeText, apiListQuery, type Column, type PageProps } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { programSummary, type ProgramSummary } from "../api/contract.ts";

const columns: readonly Column<ProgramSummary>[] = [
  { id: "code", title: "Code", text: (row) => row.code, cell: (row) => <Link to="/programs/$id" params={{ id: row.id }}>{row.code}</Link> },
  { id: "version", title: "Version", text: (row) => `v${row.version}`, order: (row) => row.version },
  { id: "name", title: "Name", grows: true, text: (row) => row.name },
  { id: "type", title: "Device type", text: (row) => row.deviceType },
  { id: "tariff", title: "Tariff", text: (row) => row.tariffName },
  { id: "digest", title: "Build", wide: true, text: (row) => row.digest, cell: (row) => <DigestText value={row.digest} label="build digest" /> },
  { id: "created", title: "Created", text: (row) => row.createdAt.slice(0, 10), order: (row) => row.createdAt, cell: (row) => <TimeText at={row.createdAt} /> },
  { id: "by", title: "By", wide: true, text: (row) => row.createdBy },
];

/** Programs as their authors made them. */
export default function ProgramsPage({ search, setSearch }: PageProps): JSX.Element {
  const programs = useQuery({ ...apiListQuery("/api/v1/programs", programSummary), refetchInterval: 15_000 });
  if (programs.isError && programs.data === undefined) return <FailureNotice error={programs.error} onRetry={() => void programs.refetch()} />;
  return (
    <DataTable
      of="programs"
      columns={columns}
      rows={programs.data}
      rowKey={(row) => row.id}
      view={{ filter: search["filter"] ?? "", sort: search["sort"] ?? "" }}
      onView={setSearch}
      empty={
        <Invitation icon="program" title="No programs yet">
          Build one from a tariff: <code>npx metersmith program build examples/tariffs/aps-et-2-tou.json</code>
        </Invitation>
      }
    />
  );
}
