import { DataTable, DigestText, FailureNotice, Invitation, apiListQuery, type Column, type PageProps } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { deviceTypeSummary, type DeviceTypeSummary } from "../api/contract.ts";
import { limitWords } from "../rules/limit-words.ts";

const limit = (name: string): Column<DeviceTypeSummary> => ({
  id: name.toLowerCase(),
  title: limitWords(name),
  text: (row) => String(row.limits[name] ?? ""),
  order: (row) => row.limits[name] ?? 0,
  numeric: true,
});

const columns: readonly Column<DeviceTypeSummary>[] = [
  { id: "type", title: "Device type", text: (row) => row.id, cell: (row) => <Link to="/device-types/$id" params={{ id: row.id }}>{row.id}</Link> },
  { id: "name", title: "Name", grows: true, text: (row) => row.name },
  { id: "model", title: "Model", wide: true, text: (row) => row.model },
  ...["tiers", "seasons", "tierSwitches", "datedEntries"].map(limit),
  { id: "version", title: "Version", wide: true, text: (row) => row.version },
  { id: "digest", title: "Plug-in", wide: true, text: (row) => row.digest, cell: (row) => <DigestText value={row.digest} label="plug-in digest" /> },
];

/** The meter models that programs can be built for, and what each can hold. */
export default function DeviceTypesPage({ search, setSearch }: PageProps): JSX.Element {
  const types = useQuery(apiListQuery("/api/v1/device-types", deviceTypeSummary));
  if (types.isError && types.data === undefined) return <FailureNotice error={types.error} onRetry={() => void types.refetch()} />;
  return (
    <DataTable
      of="device types"
      about="The models that programs can be built for, and how much of a calendar each can hold."
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
