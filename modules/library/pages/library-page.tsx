import { Button } from "@mantine/core";
import { DataTable, DigestText, FailureNotice, Invitation, TimeText, apiListQuery, type Column, type PageProps } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState, type JSX } from "react";
import { association } from "../../ledger/api/contract.ts";
import { libraryProgram, type LibraryProgram } from "../api/contract.ts";
import { ReceiveDialog } from "./receive-dialog.tsx";

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
  { id: "meters", title: "Meters now", text: ({ meters }) => meters?.toLocaleString("en") ?? "", order: ({ meters }) => meters ?? 0, numeric: true },
  { id: "digest", title: "Build", wide: true, text: ({ program }) => program.digest, cell: ({ program }) => <DigestText value={program.digest} label="build digest" /> },
  { id: "received", title: "Received", text: ({ program }) => program.receivedAt.slice(0, 10), order: ({ program }) => program.receivedAt, cell: ({ program }) => <TimeText at={program.receivedAt} /> },
];

/** Programs that the utility took in, each built again here and found equal. */
export default function LibraryPage({ search, setSearch, may }: PageProps): JSX.Element {
  const [receiving, setReceiving] = useState(false);
  const programs = useQuery({ ...apiListQuery("/api/v1/library-programs", libraryProgram), refetchInterval: 15_000 });
  const associations = useQuery({ ...apiListQuery("/api/v1/associations?current=true", association), refetchInterval: 15_000 });
  const rows = useMemo(() => {
    const running = associations.data === undefined ? undefined : Map.groupBy(associations.data, (each) => each.program.id);
    return programs.data?.map((program): LibraryRow => ({ program, meters: running === undefined ? undefined : (running.get(program.id)?.length ?? 0) }));
  }, [programs.data, associations.data]);

  if (programs.isError && programs.data === undefined) return <FailureNotice error={programs.error} onRetry={() => void programs.refetch()} />;
  return (
    <>
      <DataTable
        of="programs"
        title="Library"
        about="What may go onto this utility's meters: programs taken in, each built again here with the same digest."
        columns={columns}
        rows={rows}
        rowKey={({ program }) => program.id}
        view={{ filter: search["filter"] ?? "", sort: search["sort"] ?? "" }}
        onView={setSearch}
        actions={may("library.receive") && <Button size="xs" onClick={() => setReceiving(true)}>Take in…</Button>}
        empty={
          <Invitation icon="library" title="The library is empty">
            Press Take in and choose the document of a program that was made for you. It is built again here and kept only when its digest is the same.
          </Invitation>
        }
      />
      <ReceiveDialog open={receiving} onClose={() => setReceiving(false)} />
    </>
  );
}
