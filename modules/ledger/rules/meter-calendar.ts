import { calendarPicture, type DeviceType, parametersFromImages, parametersSchema, type PictureGrid } from "@metersmith/programs";
import type { MeterCalendar } from "../api/contract.ts";

/** Tables as a meter gave them back, with when. */
export interface ReadBack {
  readonly readAt: Date;
  readonly tables: ReadonlyMap<number, { readonly bytes: Uint8Array; readonly digest: string }>;
}

/** What the meter itself cannot tell, from the program that it runs: words for numbers. */
export interface CalendarNames {
  readonly clock: string;
  readonly zone: string;
  readonly tiers: readonly string[];
  readonly seasons: readonly string[];
}

export function calendarNames(parameters: unknown): CalendarNames | undefined {
  const parsed = parametersSchema.safeParse(parameters);
  if (!parsed.success) return undefined;
  const { clock, calendar } = parsed.data;
  return { clock: clock.mode, zone: clock.zone, tiers: calendar.tiers, seasons: calendar.seasons.map(({ name }) => name) };
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const CALENDAR_TABLE = 54;

/** The calendar of a meter, decoded from table 54 as it was read back; the pictures are those of `year`. */
export function calendarOf(
  deviceType: DeviceType,
  meterId: string,
  readBack: ReadBack,
  names: CalendarNames | undefined,
  year: number,
): MeterCalendar | undefined {
  const images = new Map([...readBack.tables].map(([table, { bytes }]) => [table, bytes]));
  const { calendar } = parametersFromImages(deviceType, images);
  if (!calendar || calendar.seasons.length === 0) return undefined;
  const picture = calendarPicture(calendar, year);
  const sameWeekend = JSON.stringify(picture.saturday) === JSON.stringify(picture.sunday);
  const pictures: MeterCalendar["pictures"] = [
    { dayType: "weekday", cells: cells(picture.weekday) },
    ...(sameWeekend
      ? [{ dayType: "weekend" as const, cells: cells(picture.saturday) }]
      : [
          { dayType: "saturday" as const, cells: cells(picture.saturday) },
          { dayType: "sunday" as const, cells: cells(picture.sunday) },
        ]),
  ];
  return {
    meterId,
    readAt: readBack.readAt.toISOString(),
    tableDigest: readBack.tables.get(CALENDAR_TABLE)?.digest ?? "",
    clock: names ? `${names.clock} time` : "unknown",
    zone: names?.zone ?? "unknown",
    endsOn: calendar.endsOn,
    tiers: picture.tiers.map((tier) => ({ tier, name: names?.tiers[tier] ?? `tier ${tier}` })),
    seasons: calendar.seasonStarts.map(({ season, month, day }) => ({
      season,
      name: names?.seasons[season] ?? `season ${season}`,
      from: `${day} ${MONTHS[month - 1] ?? month}`,
    })),
    pictures,
    specialDays: calendar.dated.flatMap((entry) => (entry.action === "special" ? [{ date: entry.date, schedule: `special ${entry.special}` }] : [])),
  };
}

function cells(grid: PictureGrid): MeterCalendar["pictures"][number]["cells"] {
  return grid.map((row) => row.map(({ tier, mixed }) => ({ tier, mixed })));
}
