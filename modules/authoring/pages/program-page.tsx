import { Button } from "@mantine/core";
import { CalendarView, DigestText, FailureNotice, Facts, GroupedTable, ObjectPage, ObjectSkeleton, PlainTable, Section, TimeText, apiQuery, saveJsonFile, type PageProps } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { calendarView, programDetail, type ProgramDetail, type ProgramDocument } from "../api/contract.ts";
import { imageRows, parameterGroups, tableReports } from "../rules/program-view.ts";
import { TakeIntoLibrary } from "./take-into-library.tsx";

/** One program as its author made it: the tariff, what was understood of it, and the bytes that come out. */
export default function ProgramPage({ params, may, mounts }: PageProps): JSX.Element {
  const found = useQuery(apiQuery(`/api/v1/programs/${params["id"] ?? ""}`, programDetail));
  if (found.isError) return <FailureNotice error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <ObjectSkeleton kind="Program" />;
  const { document, report, ...program } = found.data;
  return (
    <ObjectPage
      kind="Program"
      title={`${program.code} version ${program.version}`}
      state={{ kind: "done", word: "built", detail: `for ${program.deviceType}` }}
      actions={
        <>
          <Button variant="default" size="xs" onClick={() => saveJsonFile(`${program.code}-v${program.version}.json`, document)}>Save document</Button>
          {mounts("library") && <TakeIntoLibrary document={document} allowed={may("library.receive")} />}
        </>
      }
    >
      <Section title="Facts">
        <Facts
          facts={[
            { name: "Name", value: program.name },
            { name: "Build digest", value: <DigestText value={program.digest} label="build digest" /> },
            ...(document.tariff.name === document.name ? [] : [{ name: "Tariff", value: document.tariff.name }]),
            { name: "Utility", value: document.tariff.utility },
            { name: "Tariff file", value: document.tariff.file },
            { name: "Device type", value: <Link to="/device-types/$id" params={{ id: document.deviceType.id }}>{document.deviceType.id} version {document.deviceType.version}</Link> },
            { name: "Created", value: <><TimeText at={program.createdAt} /> by {program.createdBy}</> },
          ]}
        />
      </Section>
      <ProgramCalendar id={program.id} />
      <Notes title="Warnings" aside="what to look at before it is used" notes={document.warnings} />
      <Notes title="Stays in billing" aside="what no meter does" notes={document.staysInBilling} />
      <Parameters parameters={document.parameters} />
      <Build build={document.build} report={report} />
    </ObjectPage>
  );
}

function ProgramCalendar({ id }: { readonly id: string }): JSX.Element {
  const calendar = useQuery(apiQuery(`/api/v1/programs/${id}/calendar`, calendarView));
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

function Parameters({ parameters }: { readonly parameters: unknown }): JSX.Element {
  return (
    <Section title="Parameters" aside="the same for every type of meter">
      <GroupedTable
        groups={parameterGroups(parameters).map(({ name, rows }) => ({ title: name, aside: `${rows.length.toLocaleString("en")} ${rows.length === 1 ? "value" : "values"}`, rows }))}
        columns={[{ title: "Parameter", cell: (row) => row.name, mono: true }, { title: "Value", cell: (row) => row.value }]}
      />
    </Section>
  );
}

function Build({ build, report }: { readonly build: ProgramDocument["build"]; readonly report: ProgramDetail["report"] }): JSX.Element {
  const checked = imageRows({ ...build, writes: [] });
  return (
    <>
      <Section title="Build" aside="parameter → field → octets, in the order of writing">
        <GroupedTable
          groups={tableReports(build, report).map(({ table, name, octets, bits, fields }) => ({ title: `Table ${table} ${name}`, aside: `${octets} octets, ${bits.toLocaleString("en")} bits of them count, ${fields.length.toLocaleString("en")} fields`, rows: fields }))}
          columns={[
            { title: "Parameter", cell: (row) => row.parameter, mono: true },
            { title: "Field", cell: (row) => row.field, mono: true },
            { title: "Value", cell: (row) => row.value, mono: true },
            { title: "Offset", cell: (row) => row.offset, numeric: true },
            { title: "Octets", cell: (row) => row.octets, mono: true },
          ]}
        />
      </Section>
      <Section title="Checked first" aside="must be in the meter already">
        <PlainTable
          label="Tables checked"
          rows={checked}
          rowKey={(row) => String(row.table)}
          columns={[
            { title: "Table", cell: (row) => `${row.table} ${row.name}` },
            { title: "Octets", cell: (row) => row.octets, numeric: true },
            { title: "Bits that count", cell: (row) => row.bits.toLocaleString("en"), numeric: true },
          ]}
        />
      </Section>
    </>
  );
}
