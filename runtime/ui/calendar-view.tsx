import type { JSX } from "react";
import type { CalendarGrid, TierName } from "./calendar-grid.ts";
import { CalendarPicture } from "./calendar-picture.tsx";
import { Facts } from "./object-page.tsx";
import { PlainTable } from "./plain-table.tsx";

/** What is known of a calendar: its pictures, and what they cannot show. */
export interface CalendarFacts {
  readonly clock: string;
  readonly zone: string;
  /** ISO 8601 date; null where it never ends. */
  readonly endsOn: string | null;
  readonly tiers: readonly TierName[];
  readonly seasons: readonly { readonly season: number; readonly name: string; readonly from: string }[];
  readonly pictures: readonly CalendarGrid[];
  readonly specialDays: readonly SpecialDay[];
}

interface SpecialDay {
  readonly date: string;
  readonly schedule: string;
}

/** A time-of-use calendar as picture and facts: that of a program, or the one a meter holds. */
export function CalendarView({ calendar }: { readonly calendar: CalendarFacts }): JSX.Element {
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

function SpecialDays({ days }: { readonly days: readonly SpecialDay[] }): JSX.Element {
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
