import { DataTable, FailureNotice, Invitation, StateBadge, TimeText, apiListQuery, type Column, type PageProps } from "@metersmith/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, type JSX } from "react";
import { association, session, type Association, type Session } from "../../ledger/api/contract.ts";
import { isOpen } from "../../ledger/rules/session-words.ts";
import { meter, type Meter } from "../api/contract.ts";
import { latestByMeter, meterState, newestEnd } from "./meter-state.ts";
import { useSessionEnd } from "./use-session-end.ts";

interface MeterRow {
  readonly meter: Meter;
  readonly latest: Session | undefined;
  readonly current: Association | undefined;
}

const programText = ({ current }: MeterRow): string => (current === undefined ? "" : `${current.program.code} v${current.program.version}`);
const stateText = (row: MeterRow): string => {
  const { word, detail } = meterState(row.latest, row.current);
  return detail === undefined ? word : `${word} ${detail}`;
};

const columns: readonly Column<MeterRow>[] = [
  { id: "serial", title: "Serial", text: (row) => row.meter.serial, cell: (row) => <Link to="/meters/$id" params={{ id: row.meter.id }}>{row.meter.serial}</Link> },
  { id: "state", title: "State", text: stateText, grows: true, cell: (row) => <StateBadge line state={meterState(row.latest, row.current)} /> },
  { id: "program", title: "Program", text: programText, cell: (row) => row.current !== undefined && <Link to="/library/$id" params={{ id: row.current.program.id }}>{programText(row)}</Link> },
  { id: "since", title: "Since", text: (row) => row.current?.from.slice(0, 10) ?? "", order: (row) => row.current?.from ?? "", cell: (row) => row.current !== undefined && <TimeText at={row.current.from} /> },
  { id: "type", title: "Device type", text: (row) => row.meter.deviceType },
  { id: "point", title: "Service point", text: (row) => row.meter.servicePoint ?? "" },
  { id: "address", title: "Address", wide: true, text: (row) => row.meter.address },
  { id: "seen", title: "Last seen", text: (row) => row.meter.lastSeenAt?.slice(0, 10) ?? "never", order: (row) => row.meter.lastSeenAt ?? "", cell: (row) => (row.meter.lastSeenAt === null ? "never" : <TimeText at={row.meter.lastSeenAt} />) },
];

const quick = 2000;
const calm = 15_000;

/** All meters of the utility: who they are, what runs on them, what is happening. */
export default function MetersPage({ search, setSearch }: PageProps): JSX.Element {
  const sessions = useQuery({ ...apiListQuery("/api/v1/sessions", session), refetchInterval: ({ state }) => (state.data?.some(isOpen) === true ? quick : calm) });
  const interval = sessions.data?.some(isOpen) === true ? quick : calm;
  const meters = useQuery({ ...apiListQuery("/api/v1/meters", meter), refetchInterval: interval, placeholderData: keepPreviousData });
  const associations = useQuery({ ...apiListQuery("/api/v1/associations?current=true", association), refetchInterval: interval });

  useSessionEnd(newestEnd(sessions.data));

  const rows = useMemo(() => {
    if (meters.data === undefined || sessions.data === undefined || associations.data === undefined) return undefined;
    const latest = latestByMeter(sessions.data);
    const current = new Map(associations.data.map((each) => [each.meterId, each]));
    return meters.data.map((each): MeterRow => ({ meter: each, latest: latest.get(each.id), current: current.get(each.id) }));
  }, [meters.data, sessions.data, associations.data]);

  const failed = [meters, sessions, associations].find((query) => query.isError && query.data === undefined);
  if (failed !== undefined) return <FailureNotice error={failed.error} onRetry={() => void failed.refetch()} />;
  return (
    <DataTable
      of="meters"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.meter.id}
      view={{ filter: search["filter"] ?? "", sort: search["sort"] ?? "" }}
      onView={setSearch}
      empty={
        <Invitation icon="meter" title="No meters yet">
          Meters come with their maker's delivery. Register them with <code>POST /api/v1/meters</code>, or start the demonstration street with <code>npm start</code>.
        </Invitation>
      }
    />
  );
}
