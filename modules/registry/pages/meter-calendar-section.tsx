import { ApiFailure, CalendarView, DigestText, FailureNotice, Invitation, Section, TimeText, apiQuery } from "@metersmith/ui";
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
      {calendar.data !== undefined && !notRead && <CalendarView calendar={calendar.data} />}
    </Section>
  );
}
