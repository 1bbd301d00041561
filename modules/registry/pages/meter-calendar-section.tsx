import { ApiFailure, CalendarPicture, DigestText, FailureNotice, Facts, Invitation, PlainTable, Section, TimeText, apiQuery } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import type { JSX } from "react";
import { meterCalendar, type MeterCalendar } from "../../ledger/api/contract.ts";

/** The calendar decoded from what was read back from the meter; fetched again when `readAgainAfter` (the end of a session) changes. */
export function MeterCalendarSection({ meterId, readAgainAfter }: { readonly meterId: string; readonly readAgainAfter: string | null }): JSX.Element {
  const query = apiQuery(`/api/v1/meters/${meterId}/calendar`, meterCalendar);
  const calendar = useQuery({ ...query, queryKey: [...query.queryKey, readAgainAfter], retry: false, placeholderData: (before: MeterCalendar | undefined) => before });
  const notRead = calendar.error instanceof ApiFailure && calendar.error.code === "not-found";

  return (
    <Section title="Calendar the meter holds" aside={calendar.data !== undefined && <>read back <TimeText at={calendar.data.readAt} /> · table 54 <DigestText value={calendar.data.tableDigest} label="digest of table 54" /></>}>
      {notRead && <Invitation icon="meter" title="Not read yet">Press Read to see the calendar that this meter really holds.</Invitation>}
      {calendar.isError && !notRead && <FailureNotice error={calendar.error} onRetry={() => void calendar.refetch()} />}
      {calendar.data !== undefined && !notRead && <Calendar calendar={calendar.data} />}
    </Section>
  );
}

function Calendar({ calendar }: { readonly calendar: MeterCalendar }): JSX.Element {
  return (
    <>
      <CalendarPicture pictures={calendar.pictures} tiers={calendar.tiers} />
      <Facts
        facts={[
          { name: "Seasons", value: calendar.seasons.map((season) => `${season.name} from ${season.from}`).join(" · ") || "one all year" },
          { name: "Clock", value: `${calendar.clock}, ${calendar.zone}` },
          { name: "Calendar ends on", value: calendar.endsOn ?? "no end" },
          { name: "Special days", value: calendar.specialDays.length === 0 ? "none" : <SpecialDays days={calendar.specialDays} /> },
        ]}
      />
    </>
  );
}

function SpecialDays({ days }: { readonly days: MeterCalendar["specialDays"] }): JSX.Element {
  return (
    <details>
      <summary>{days.length.toLocaleString("en")} dated</summary>
      <PlainTable
        label="Special days"
        rows={days}
        rowKey={(day) => `${day.date} ${day.schedule}`}
        columns={[
          { title: "Date", cell: (day) => day.date },
          { title: "Schedule", cell: (day) => day.schedule },
        ]}
      />
    </details>
  );
}
