import { DataTable, DigestText, FailureNotice, Invitation, TimeText, apiListQuery, type Column, type PageProps } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, type JSX } from "react";
import { association } from "../../ledger/api/contract.ts";
import { libraryProgram, type LibraryProgram } from "../api/contract.ts";

interface LibraryRow {
  readonly program: LibraryProgram;
  /** Undefined while it is not known yet. */
  readonly meters: number | undefined;
}

const columns: readonly Column<LibraryRow>[] = [
  { id: "code", title: "Code", text: ({ program }) => program.code, cell: ({ program }) => <Link to="/library/$id" params={{ id: program.id }}>{program.code}</Link> },
  { id: "version", title: "Version", text: ({ program }) => `v${program.version}`, order: ({ program }) => program.version },
  { id: "name", title: "Name", grows: true, text: ({ program }) => program.name },
  { id: "type", title: "Device type", text: ({ program }) => program.deviceType },
  { id: "tariff", title: "Tariff", text: ({ program }) => program.tariffName },
  { id: "meters", title: "Meters now", text: ({ meters }) => meters?.toLocaleString("en") ?? "", order: ({ meters }) => meters ?? 0, numeric: true },
  { id: "digest", title: "Build", wide: true, text: ({ program }) => program.digest, cell: ({ program }) => <DigestText value={program.digest} label="build digest" /> },
  { id: "received", title: "Received", text: ({ program }) => program.receivedAt.slice(0, 10), order: ({ program }) => program.receivedAt, cell: ({ program }) => <TimeText at={program.receivedAt} /> },
];

/** Programs that the utility took in, each built again here and found equal. */
export default function LibraryPage({ search, setSearch }: PageProps): JSX.Element {
  const programs = useQuery({ ...apiListQuery("/api/v1/library-programs", libraryProgram), refetchInterval: 15_000 });
  const associations = useQuery({ ...apiListQuery("/api/v1/associations?current=true", association), refetchInterval: 15_000 });
  const rows = useMemo(() => {
    const running = associations.data === undefined ? undefined : Map.groupBy(associations.data, (each) => each.program.id);
    return programs.data?.map((program): LibraryRow => ({ program, meters: running === undefined ? undefined : (running.get(program.id)?.length ?? 0) }));
  }, [programs.data, associations.data]);

  if (programs.isError && programs.data === undefined) return <FailureNotice error={programs.error} onRetry={() => void programs.refetch()} />;
  return (
    <DataTable
      of="programs"
      columns={columns}
      rows={rows}
      rowKey={({ program }) => program.id}
      view={{ filter: search["filter"] ?? "", sort: search["sort"] ?? "" }}
      onView={setSearch}
      empty={
        <Invitation icon="program" title="The library is empty">
          Take in a program that was made for you: <code>POST /api/v1/library-programs</code> with its document. It is built again here and kept only when its digest is the same.
        </Invitation>
      }
    />
  );
}
