import { DataTable, DigestText, FailureNotice, Invitation, apiListQuery, type Column, type PageProps } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { deviceTypeSummary, type DeviceTypeSummary } from "../api/contract.ts";

const limitsText = (row: DeviceTypeSummary): string => Object.entries(row.limits).map(([name, value]) => `${value} ${name}`).join(" · ");

const columns: readonly Column<DeviceTypeSummary>[] = [
  { id: "type", title: "Device type", text: (row) => row.id, cell: (row) => <Link to="/programs" search={{ filter: `type:${row.id}` }}>{row.id}</Link> },
  { id: "name", title: "Name", grows: true, text: (row) => row.name },
  { id: "model", title: "Model", text: (row) => `${row.manufacturer} ${row.model}` },
  { id: "version", title: "Version", text: (row) => row.version },
  { id: "holds", title: "Holds", text: limitsText, cell: (row) => <span title={limitsText(row)}>{limitsText(row)}</span> },
  { id: "digest", title: "Plug-in", text: (row) => row.digest, cell: (row) => <DigestText value={row.digest} label="plug-in digest" /> },
];

/** The meter models that programs can be built for, and what each can hold. */
export default function DeviceTypesPage({ search, setSearch }: PageProps): JSX.Element {
  const types = useQuery(apiListQuery("/api/v1/device-types", deviceTypeSummary));
  if (types.isError && types.data === undefined) return <FailureNotice error={types.error} onRetry={() => void types.refetch()} />;
  return (
    <DataTable
      of="device types"
      columns={columns}
      rows={types.data}
      rowKey={(row) => row.id}
      view={{ filter: search["filter"] ?? "", sort: search["sort"] ?? "" }}
      onView={setSearch}
      empty={
        <Invitation icon="device" title="No device types">
          A device type is a folder of data under <code>device-types/</code>; put one there and start the site again.
        </Invitation>
      }
    />
  );
}
