import { ApiFailure, DigestText, FailureNotice, Facts, ObjectPage, ObjectSkeleton, PlainTable, Section, TimeText, apiListQuery, type PageProps } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { programSummary } from "../../authoring/api/contract.ts";
import { deviceTypeSummary } from "../api/contract.ts";
import { limitWords } from "../rules/limit-words.ts";

/** One model of meter: who makes it, what it can hold, which programs are built for it. */
export default function DeviceTypePage({ params }: PageProps): JSX.Element {
  const types = useQuery(apiListQuery("/api/v1/device-types", deviceTypeSummary));
  const programs = useQuery(apiListQuery("/api/v1/programs", programSummary));
  if (types.isError && types.data === undefined) return <FailureNotice error={types.error} onRetry={() => void types.refetch()} />;
  if (types.data === undefined) return <ObjectSkeleton kind="Device type" />;
  const type = types.data.find(({ id }) => id === params["id"]);
  if (type === undefined) return <FailureNotice error={unknownType(params["id"] ?? "", types.data.map(({ id }) => id))} />;
  const built = programs.data?.filter(({ deviceType }) => deviceType === type.id) ?? [];
  return (
    <ObjectPage kind="Device type" title={type.id}>
      <Section title="Facts">
        <Facts
          facts={[
            { name: "Name", value: type.name },
            { name: "Manufacturer", value: type.manufacturer },
            { name: "Model", value: type.model },
            { name: "Version", value: type.version },
            { name: "Plug-in digest", value: <DigestText value={type.digest} label="plug-in digest" /> },
          ]}
        />
      </Section>
      <Section title="Holds" aside="by the dimensions of its tables">
        <Facts facts={Object.entries(type.limits).map(([name, value]) => ({ name: limitWords(name), value: value.toLocaleString("en") }))} />
      </Section>
      <Section title="Programs built for it here" aside={programs.data && built.length.toLocaleString("en")}>
        {built.length === 0 && programs.data !== undefined && <p>None yet. Programs are made on the page <Link to="/programs">Programs</Link>.</p>}
        {built.length > 0 && (
          <PlainTable
            label="Programs built for it here"
            rows={built}
            rowKey={(row) => row.id}
            columns={[
              { title: "Program", cell: (row) => <Link to="/programs/$id" params={{ id: row.id }}>{row.code} version {row.version}</Link> },
              { title: "Name", cell: (row) => row.name },
              { title: "Created", cell: (row) => <TimeText at={row.createdAt} /> },
            ]}
          />
        )}
      </Section>
    </ObjectPage>
  );
}

function unknownType(id: string, known: readonly string[]): ApiFailure {
  return new ApiFailure("peer-refused", "not-found", "There is no such device type here", `This site has no device type “${id}”; it has ${known.join(", ")}.`, { id });
}
