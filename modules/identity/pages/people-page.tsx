import { Button } from "@mantine/core";
import { DataTable, FailureNotice, Invitation, StateBadge, TimeText, apiListQuery, type Column, type PageProps, type StateFacts } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type JSX } from "react";
import { person, type Person } from "../api/contract.ts";
import { InviteDialog } from "./invite-dialog.tsx";
import { PersonDialog, type PersonChange } from "./person-dialog.tsx";

const states: Readonly<Record<Person["state"], StateFacts>> = {
  invited: { kind: "waiting", word: "invited", detail: "has not chosen a password" },
  active: { kind: "done", word: "active" },
  disabled: { kind: "off", word: "shut out" },
};

const facts: readonly Column<Person>[] = [
  { id: "email", title: "E-mail address", text: (row) => row.email },
  { id: "name", title: "Name", text: (row) => row.name },
  { id: "roles", title: "Roles", grows: true, text: (row) => row.roles.join(", ") },
  { id: "state", title: "State", text: (row) => states[row.state].word, cell: (row) => <StateBadge line state={states[row.state]} /> },
  { id: "factor", title: "Second factor", wide: true, text: (row) => (row.secondFactor ? "yes" : "no") },
  { id: "since", title: "Since", text: (row) => row.since.slice(0, 10), order: (row) => row.since, cell: (row) => <TimeText at={row.since} /> },
];

/** Who belongs to the organization, with which roles, and whether they are let in. */
export default function PeoplePage({ search, setSearch, may }: PageProps): JSX.Element {
  const [inviting, setInviting] = useState(false);
  const [change, setChange] = useState<PersonChange>();
  const people = useQuery(apiListQuery("/api/v1/people", person));
  const mayUpdate = may("people.update");
  const columns = useMemo(() => (mayUpdate ? [...facts, changes(setChange)] : facts), [mayUpdate]);
  if (people.isError && people.data === undefined) return <FailureNotice error={people.error} onRetry={() => void people.refetch()} />;
  return (
    <>
      <DataTable
        of="members"
        title="People"
        about="Who belongs to this organization, and with which roles."
        columns={columns}
        rows={people.data}
        rowKey={(row) => row.id}
        view={{ filter: search["filter"] ?? "", sort: search["sort"] ?? "" }}
        onView={setSearch}
        actions={may("people.invite") && <Button size="xs" onClick={() => setInviting(true)}>Invite…</Button>}
        empty={<Invitation icon="person" title="Nobody yet">{may("people.invite") ? "Press Invite and say who." : "Who administers this organization invites people here."}</Invitation>}
      />
      <InviteDialog open={inviting} onClose={() => setInviting(false)} />
      {change !== undefined && <PersonDialog change={change} onClose={() => setChange(undefined)} />}
    </>
  );
}

function changes(onChange: (change: PersonChange) => void): Column<Person> {
  return {
    id: "change",
    title: "Change",
    text: () => "",
    cell: (of) => (
      <>
        <Button variant="subtle" size="compact-xs" aria-label={`Roles of ${of.email}`} onClick={() => onChange({ of, what: "roles" })}>Roles…</Button>
        <Button variant="subtle" size="compact-xs" aria-label={`${of.state === "disabled" ? "Let in" : "Shut out"} ${of.email}`} onClick={() => onChange({ of, what: "state" })}>{of.state === "disabled" ? "Let in…" : "Shut out…"}</Button>
      </>
    ),
  };
}
