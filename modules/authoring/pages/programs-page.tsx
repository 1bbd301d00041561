import { Button } from "@mantine/core";
import { DataTable, DigestText, FailureNotice, Invitation, TimeText, apiListQuery, type Column, type PageProps } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type JSX } from "react";
import { programSummary, type ProgramSummary } from "../api/contract.ts";
import { NewProgramDialog } from "./new-program-dialog.tsx";

const columns: readonly Column<ProgramSummary>[] = [
  { id: "code", title: "Code", text: (row) => row.code, cell: (row) => <Link to="/programs/$id" params={{ id: row.id }}>{row.code}</Link> },
  { id: "version", title: "Version", text: (row) => `v${row.version}`, order: (row) => row.version },
  { id: "name", title: "Name", grows: true, text: (row) => row.name },
  { id: "type", title: "Device type", text: (row) => row.deviceType },
  { id: "file", title: "Tariff file", wide: true, text: (row) => row.tariffFile },
  { id: "digest", title: "Build", wide: true, text: (row) => row.digest, cell: (row) => <DigestText value={row.digest} label="build digest" /> },
  { id: "created", title: "Created", text: (row) => row.createdAt.slice(0, 10), order: (row) => row.createdAt, cell: (row) => <TimeText at={row.createdAt} /> },
  { id: "by", title: "By", wide: true, text: (row) => row.createdBy },
];

/** Programs as their authors made them. */
export default function ProgramsPage({ search, setSearch, may }: PageProps): JSX.Element {
  const [making, setMaking] = useState(false);
  const programs = useQuery({ ...apiListQuery("/api/v1/programs", programSummary), refetchInterval: 15_000 });
  if (programs.isError && programs.data === undefined) return <FailureNotice error={programs.error} onRetry={() => void programs.refetch()} />;
  return (
    <>
      <DataTable
        of="programs"
        about="Made on this site: a tariff and the answers to what it does not say, built for one type of meter. Every version is kept."
        columns={columns}
        rows={programs.data}
        rowKey={(row) => row.id}
        view={{ filter: search["filter"] ?? "", sort: search["sort"] ?? "" }}
        onView={setSearch}
        actions={may("program.create") && <Button size="xs" onClick={() => setMaking(true)}>New program…</Button>}
        empty={
          <Invitation icon="program" title="No programs yet">
            {may("program.create") ? "Press New program and choose a rate. " : "Who has the role of rate analyst makes them here. "}
            In the terminal: <code>npx metersmith program build TARIFF --answers FILE --device-type ID</code>
          </Invitation>
        }
      />
      <NewProgramDialog open={making} onClose={() => setMaking(false)} />
    </>
  );
}
