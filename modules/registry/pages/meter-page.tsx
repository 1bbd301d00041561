import { Button } from "@mantine/core";
import { DigestText, FailureNotice, Facts, Icon, ObjectPage, ObjectSkeleton, ProgressBar, Section, TimeText, apiListQuery, apiQuery, type PageProps } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type JSX } from "react";
import { association, session, type Association } from "../../ledger/api/contract.ts";
import { isOpen } from "../../ledger/rules/session-words.ts";
import { meter, type Meter } from "../api/contract.ts";
import { MeterCalendarSection } from "./meter-calendar-section.tsx";
import { MeterEvidence } from "./meter-evidence.tsx";
import { MeterHistory } from "./meter-history.tsx";
import { latestByMeter, meterState, newestEnd } from "./meter-state.ts";
import { ProgramDialog } from "./program-dialog.tsx";
import { useMeterRequest } from "./use-meter-request.ts";
import { useSessionEnd } from "./use-session-end.ts";

const quick = 1000;
const calm = 15_000;

/** One meter: what runs on it since when and how that is known, the calendar it holds, what was done to it. */
export default function MeterPage({ params, may }: PageProps): JSX.Element {
  const id = params["id"] ?? "";
  const [choosing, setChoosing] = useState(false);
  const sessions = useQuery({ ...apiListQuery(`/api/v1/sessions?meter=${id}`, session), refetchInterval: ({ state }) => (state.data?.some(isOpen) === true ? quick : calm) });
  const latest = sessions.data === undefined ? undefined : latestByMeter(sessions.data).get(id);
  const open = latest !== undefined && isOpen(latest) ? latest : undefined;
  const interval = open === undefined ? calm : quick;
  const found = useQuery({ ...apiQuery(`/api/v1/meters/${id}`, meter), refetchInterval: interval });
  const associations = useQuery({ ...apiListQuery(`/api/v1/associations?meter=${id}`, association), refetchInterval: interval });
  const request = useMeterRequest(id);
  useSessionEnd(newestEnd(sessions.data));

  if (found.isError && found.data === undefined) return <FailureNotice error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined || sessions.data === undefined || associations.data === undefined) return <ObjectSkeleton kind="Meter" />;
  const current = associations.data.find((each) => each.to === null);

  return (
    <ObjectPage
      kind="Meter"
      title={found.data.serial}
      state={meterState(latest, current)}
      actions={
        <>
          <Button variant="default" size="xs" disabled={!may("meter.read") || open !== undefined} onClick={() => request.mutate({ kind: "read" })}>Read</Button>
          <Button size="xs" disabled={!may("meter.program") || open !== undefined} onClick={() => setChoosing(true)}>Program…</Button>
        </>
      }
    >
      {request.isError && <FailureNotice error={request.error} />}
      {open !== undefined && (
        <Section title={open.kind === "program" ? "Programming" : "Reading"} aside={<Link to="/sessions/$id" params={{ id: open.id }}>Follow the session</Link>}>
          <ProgressBar step={open.progress?.step ?? `waiting${open.waitsFor === null ? "" : ` for ${open.waitsFor}`}`} done={open.progress?.done ?? 0} total={open.progress?.total ?? 0} />
        </Section>
      )}
      <Section title="Facts">
        <MeterFacts meter={found.data} current={current} />
      </Section>
      <MeterCalendarSection meterId={id} readAgainAfter={latest?.endedAt ?? null} />
      <MeterHistory associations={associations.data} sessions={sessions.data} />
      {current !== undefined && <MeterEvidence sessionId={current.sessionId} />}
      <ProgramDialog
        open={choosing}
        serial={found.data.serial}
        deviceType={found.data.deviceType}
        currentId={current?.program.id}
        onClose={() => setChoosing(false)}
        onChoose={(program) => {
          setChoosing(false);
          request.mutate({ kind: "program", program });
        }}
      />
    </ObjectPage>
  );
}

function MeterFacts({ meter: { deviceType, manufacturer, address, servicePoint, registeredAt, lastSeenAt, serial }, current }: { readonly meter: Meter; readonly current: Association | undefined }): JSX.Element {
  return (
    <Facts
      facts={[
        {
          name: "Program",
          value: current === undefined ? "none that is known of" : <><Link to="/library/$id" params={{ id: current.program.id }}>{current.program.code} version {current.program.version}</Link> · {current.program.name}</>,
        },
        { name: "Since", value: current === undefined ? "—" : <><TimeText at={current.from} /> · {current.knownBy} {current.knownBy === "read back" && <Icon name="done" size={13} />}</> },
        { name: "Program digest", value: current === undefined ? "—" : <DigestText value={current.program.digest} label="program digest" /> },
        { name: "Device type", value: `${deviceType}, by ${manufacturer}` },
        { name: "Serial", value: <DigestText value={serial} label="serial" whole /> },
        { name: "Address", value: <DigestText value={address} label="address" whole /> },
        { name: "Service point", value: servicePoint ?? "not assigned" },
        { name: "Last seen", value: lastSeenAt === null ? "never" : <TimeText at={lastSeenAt} /> },
        { name: "Registered", value: <TimeText at={registeredAt} /> },
      ]}
    />
  );
}
