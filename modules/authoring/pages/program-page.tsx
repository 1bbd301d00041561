import { DigestText, FailureNotice, Facts, ObjectPage, ObjectSkeleton, PlainTable, Section, TimeText, apiQuery, type PageProps } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import type { JSX } from "react";
import { programDetail } from "../api/contract.ts";
import { imageRows, parameterRows } from "../rules/program-view.ts";

/** One program as its author made it: the tariff, what was understood of it, and the bytes that come out. */
export default function ProgramPage({ params }: PageProps): JSX.Element {
  const found = useQuery(apiQuery(`/api/v1/programs/${params["id"] ?? ""}`, programDetail));
  if (found.isError) return <FailureNotice error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <ObjectSkeleton kind="Program" />;
  const { document, report, ...program } = found.data;
  return (
    <ObjectPage kind="Program" title={`${program.code} version ${program.version}`} state={{ kind: "done", word: "built", detail: `for ${program.deviceType}` }}>
      <Section title="Facts">
        <Facts
          facts={[
            { name: "Name", value: program.name },
            { name: "Build digest", value: <DigestText value={program.digest} label="build digest" /> },
            { name: "Tariff", value: document.tariff.name },
            { name: "Utility", value: document.tariff.utility },
            { name: "Tariff file", value: document.tariff.file },
            { name: "Device type", value: `${document.deviceType.id}, version ${document.deviceType.version}` },
            { name: "Created", value: <TimeText at={program.createdAt} /> },
            { name: "By", value: program.createdBy },
          ]}
        />
      </Section>
      <Notes title="Warnings" notes={document.warnings} />
      <Notes title="Stays in billing" notes={document.staysInBilling} />
      <Section title="Parameters">
        <PlainTable label="Parameters" rows={parameterRows(document.parameters)} rowKey={(row) => row.name} columns={[{ title: "Parameter", cell: (row) => row.name, mono: true }, { title: "Value", cell: (row) => row.value }]} />
      </Section>
      <Section title="Tables" aside="1 bit of the mask = 1 bit that counts">
        <PlainTable
          label="Tables of the build"
          rows={imageRows(document.build)}
          rowKey={(row) => `${row.purpose} ${row.table}`}
          columns={[
            { title: "Table", cell: (row) => row.table },
            { title: "Name", cell: (row) => row.name },
            { title: "Is", cell: (row) => row.purpose },
            { title: "Bytes", cell: (row) => row.octets, numeric: true },
            { title: "Bits that count", cell: (row) => row.bits.toLocaleString("en"), numeric: true },
          ]}
        />
      </Section>
      <Section title="Build" aside="parameter → table.field → bytes">
        <PlainTable
          label="Build report"
          rows={report}
          rowKey={(_row, index) => String(index)}
          columns={[
            { title: "Parameter", cell: (row) => row.parameter, mono: true },
            { title: "Table", cell: (row) => row.table },
            { title: "Field", cell: (row) => row.field, mono: true },
            { title: "Offset", cell: (row) => row.offset, numeric: true },
            { title: "Bytes", cell: (row) => row.octets, numeric: true },
            { title: "Value", cell: (row) => row.value, mono: true },
          ]}
        />
      </Section>
    </ObjectPage>
  );
}

function Notes({ title, notes }: { readonly title: string; readonly notes: readonly { readonly field: string; readonly message: string }[] }): JSX.Element | null {
  if (notes.length === 0) return null;
  return (
    <Section title={title}>
      <PlainTable label={title} rows={notes} rowKey={(_note, index) => String(index)} columns={[{ title: "Field", cell: (note) => note.field, mono: true }, { title: "What", cell: (note) => note.message }]} />
    </Section>
  );
}
