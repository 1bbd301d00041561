import { CalendarView, DigestText, FailureNotice, Facts, GroupedTable, ObjectPage, ObjectSkeleton, PlainTable, Section, TimeText, apiListQuery, apiQuery, type PageProps } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { calendarView, type ProgramDocument } from "../../authoring/api/contract.ts";
import { parameterGroups, tableReports } from "../../authoring/rules/program-view.ts";
import { association } from "../../ledger/api/contract.ts";
import { libraryProgramDetail } from "../api/contract.ts";

/** One program of the library: what it is, which meters run it, what it leaves to billing, what it writes. */
export default function LibraryProgramPage({ params, mounts }: PageProps): JSX.Element {
  const found = useQuery(apiQuery(`/api/v1/library-programs/${params["id"] ?? ""}`, libraryProgramDetail));
  if (found.isError) return <FailureNotice error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <ObjectSkeleton kind="Library program" />;
  const { document, report, ...program } = found.data;
  return (
    <ObjectPage kind="Library program" title={`${program.code} version ${program.version}`} state={{ kind: "done", word: "received", detail: "built again here with the same digest" }}>
      <Section title="Facts">
        <Facts
          facts={[
            { name: "Name", value: program.name },
            { name: "Build digest", value: <DigestText value={program.digest} label="build digest" /> },
            ...(document.tariff.name === document.name ? [] : [{ name: "Tariff", value: document.tariff.name }]),
            { name: "Utility", value: document.tariff.utility },
            { name: "Tariff file", value: document.tariff.file },
            { name: "Device type", value: mounts("device-types") ? <Link to="/device-types/$id" params={{ id: document.deviceType.id }}>{typeText(document)}</Link> : typeText(document) },
            { name: "Received", value: <><TimeText at={program.receivedAt} /> by {program.receivedBy}</> },
          ]}
        />
      </Section>
      <ProgramCalendar id={program.id} />
      <RunningMeters program={program.id} />
      <Notes title="Warnings" aside="what to look at before it is used" notes={document.warnings} />
      <Notes title="Stays in billing" aside="what no meter does" notes={document.staysInBilling} />
      <Section title="Parameters" aside="the same for every type of meter">
        <GroupedTable
          groups={parameterGroups(document.parameters).map(({ name, rows }) => ({ title: name, aside: `${rows.length.toLocaleString("en")} ${rows.length === 1 ? "value" : "values"}`, rows }))}
          columns={[{ title: "Parameter", cell: (row) => row.name, mono: true }, { title: "Value", cell: (row) => row.value }]}
        />
      </Section>
      <Section title="Build" aside="parameter → field → octets, in the order of writing">
        <GroupedTable
          groups={tableReports(document.build, report).map(({ table, name, octets, bits, fields }) => ({ title: `Table ${table} ${name}`, aside: `${octets} octets, ${bits.toLocaleString("en")} bits of them count, ${fields.length.toLocaleString("en")} fields`, rows: fields }))}
          columns={[
            { title: "Parameter", cell: (row) => row.parameter, mono: true },
            { title: "Field", cell: (row) => row.field, mono: true },
            { title: "Value", cell: (row) => row.value, mono: true },
            { title: "Offset", cell: (row) => row.offset, numeric: true },
            { title: "Octets", cell: (row) => row.octets, mono: true },
          ]}
        />
      </Section>
    </ObjectPage>
  );
}

const typeText = ({ deviceType: { id, version } }: ProgramDocument): string => `${id} version ${version}`;

function ProgramCalendar({ id }: { readonly id: string }): JSX.Element {
  const calendar = useQuery(apiQuery(`/api/v1/library-programs/${id}/calendar`, calendarView));
  return (
    <Section title="Calendar" aside="as this program asks for it">
      {calendar.isError && <FailureNotice error={calendar.error} onRetry={() => void calendar.refetch()} />}
      {calendar.data !== undefined && <CalendarView calendar={calendar.data} />}
    </Section>
  );
}

function Notes({ title, aside, notes }: { readonly title: string; readonly aside: string; readonly notes: ProgramDocument["warnings"] }): JSX.Element | null {
  if (notes.length === 0) return null;
  return (
    <Section title={title} aside={aside}>
      <PlainTable label={title} rows={notes} rowKey={(_note, index) => String(index)} columns={[{ title: "Field", cell: (note) => note.field, mono: true }, { title: "What", cell: (note) => note.message }]} />
    </Section>
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
