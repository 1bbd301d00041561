import { type Calendar, calendarPicture, expandCalendar, type Parameters, type PictureGrid } from "@metersmith/programs";
import type { CalendarView } from "../api/contract.ts";

/** Words for a calendar's numbers. A meter holds the numbers only; the words come from the program that it runs. */
export interface CalendarNames {
  readonly clock: string;
  readonly zone: string;
  readonly tiers: readonly string[];
  readonly seasons: readonly string[];
  readonly specialDays: readonly string[];
}

export function calendarNames({ clock, calendar }: Parameters): CalendarNames {
  return { clock: clock.mode, zone: clock.zone, tiers: calendar.tiers, seasons: calendar.seasons.map(({ name }) => name), specialDays: calendar.specialDays };
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** A calendar as people look at it, whether out of a program or out of a meter; the pictures are those of `year`. */
export function calendarView(calendar: Calendar, names: CalendarNames | undefined, year: number): CalendarView {
  const picture = calendarPicture(calendar, year);
  return {
    clock: names ? `${names.clock} time` : "unknown",
    zone: names?.zone ?? "unknown",
    endsOn: calendar.endsOn,
    tiers: picture.tiers.map((tier) => ({ tier, name: names?.tiers[tier] ?? `tier ${tier}` })),
    seasons: calendar.seasonStarts.map(({ season, month, day }) => ({
      season,
      name: names?.seasons[season] ?? `season ${season}`,
      from: `${day} ${MONTHS[month - 1] ?? month}`,
    })),
    pictures: pictures(picture),
    specialDays: calendar.dated.flatMap((entry) =>
      entry.action === "special" ? [{ date: entry.date, schedule: names?.specialDays[entry.special] ?? `special schedule ${entry.special}` }] : [],
    ),
  };
}

/** The calendar that a program asks for. `year` is moved into the years that its dated entries cover. */
export function programCalendar(parameters: Parameters, year: number): CalendarView {
  const { first, last } = parameters.calendar.years;
  return calendarView(expandCalendar(parameters), calendarNames(parameters), Math.min(last, Math.max(first, year)));
}

/** Saturdays and Sundays are one picture where they are the same. */
function pictures({ weekday, saturday, sunday }: Readonly<Record<"weekday" | "saturday" | "sunday", PictureGrid>>): CalendarView["pictures"] {
  const sameWeekend = JSON.stringify(saturday) === JSON.stringify(sunday);
  return [
    { dayType: "weekday", cells: cells(weekday) },
    ...(sameWeekend
      ? [{ dayType: "weekend" as const, cells: cells(saturday) }]
      : [
          { dayType: "saturday" as const, cells: cells(saturday) },
          { dayType: "sunday" as const, cells: cells(sunday) },
        ]),
  ];
}

function cells(grid: PictureGrid): CalendarView["pictures"][number]["cells"] {
  return grid.map((row) => row.map(({ tier, mixed }) => ({ tier, mixed })));
}
