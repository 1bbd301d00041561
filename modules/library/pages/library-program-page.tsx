import { DigestText, FailureNotice, Facts, ObjectPage, ObjectSkeleton, PlainTable, Section, TimeText, apiListQuery, apiQuery, type PageProps } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { imageRows, parameterRows } from "../../authoring/rules/program-view.ts";
import { association } from "../../ledger/api/contract.ts";
import { libraryProgramDetail } from "../api/contract.ts";

/** One program of the library: what it is, which meters run it, what it leaves to billing, what it writes. */
export default function LibraryProgramPage({ params }: PageProps): JSX.Element {
  const found = useQuery(apiQuery(`/api/v1/library-programs/${params["id"] ?? ""}`, libraryProgramDetail));
  if (found.isError) return <FailureNotice error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <ObjectSkeleton kind="Library program" />;
  const { document, report, ...program } = found.data;
  const left = [...document.staysInBilling.map((note) => ({ ...note, kind: "stays in billing" })), ...document.warnings.map((note) => ({ ...note, kind: "warning" }))];
  return (
    <ObjectPage kind="Library program" title={`${program.code} version ${program.version}`} state={{ kind: "done", word: "received", detail: "built again here with the same digest" }}>
      <Section title="Facts">
        <Facts
          facts={[
            { name: "Name", value: program.name },
            { name: "Build digest", value: <DigestText value={program.digest} label="build digest" /> },
            { name: "Tariff", value: `${document.tariff.name}, ${document.tariff.utility}` },
            { name: "Device type", value: `${document.deviceType.id}, version ${document.deviceType.version}` },
            { name: "Received", value: <TimeText at={program.receivedAt} /> },
            { name: "By", value: program.receivedBy },
          ]}
        />
      </Section>
      <RunningMeters program={program.id} />
      {left.length > 0 && (
        <Section title="What the meter does not do" aside="read before billing with this program">
          <PlainTable label="What the meter does not do" rows={left} rowKey={(_note, index) => String(index)} columns={[{ title: "Kind", cell: (note) => note.kind }, { title: "Field", cell: (note) => note.field, mono: true }, { title: "What", cell: (note) => note.message }]} />
        </Section>
      )}
      <Section title="Parameters">
        <PlainTable label="Parameters" rows={parameterRows(document.parameters)} rowKey={(row) => row.name} columns={[{ title: "Parameter", cell: (row) => row.name, mono: true }, { title: "Value", cell: (row) => row.value }]} />
      </Section>
      <Section title="Build" aside={imageRows(document.build).map((image) => `table ${image.table} ${image.purpose}`).join(" · ")}>
        <PlainTable
          label="Build report"
          rows={report}
          rowKey={(_row, index) => String(index)}
          columns={[
            { title: "Parameter", cell: (row) => row.parameter, mono: true },
            { title: "Table", cell: (row) => row.table },
            { title: "Field", cell: (row) => row.field, mono: true },
            { title: "Offset", cell: (row) => row.offset, numeric: true },
            { title: "Value", cell: (row) => row.value, mono: true },
          ]}
        />
      </Section>
    </ObjectPage>
  );
}

function RunningMeters({ program }: { readonly program: string }): JSX.Element {
  const associations = useQuery(apiListQuery("/api/v1/associations?current=true", association));
  const running = associations.data?.filter((each) => each.program.id === program);
  return (
    <Section title="Meters that run it" aside={running?.length.toLocaleString("en")}>
      {associations.isError && <FailureNotice error={associations.error} onRetry={() => void associations.refetch()} />}
      {running?.length === 0 && <p>None yet. Open a meter and press Program.</p>}
      {running !== undefined && running.length > 0 && (
        <PlainTable
          label="Meters that run it"
          rows={running}
          rowKey={(each) => each.id}
          columns={[
            { title: "Serial", cell: (each) => <Link to="/meters/$id" params={{ id: each.meterId }}>{each.serial}</Link> },
            { title: "Since", cell: (each) => <TimeText at={each.from} /> },
            { title: "Known by", cell: (each) => each.knownBy },
            { title: "Evidence", cell: (each) => <Link to="/sessions/$id" params={{ id: each.sessionId }}>session</Link> },
          ]}
        />
      )}
    </Section>
  );
}
