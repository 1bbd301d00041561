import { type DeviceType, parametersFromImages, parametersSchema } from "@metersmith/programs";
import { calendarNames, calendarView } from "../../authoring/rules/program-calendar.ts";
import type { MeterCalendar } from "../api/contract.ts";

/** Tables as a meter gave them back, with when. */
export interface ReadBack {
  readonly readAt: Date;
  readonly tables: ReadonlyMap<number, { readonly bytes: Uint8Array; readonly digest: string }>;
}

const CALENDAR_TABLE = 54;

/**
 * The calendar of a meter, decoded from table 54 as it was read back; the pictures are those of `year`. `parameters` are those of
 * the program known to run on it, for the words that the meter itself cannot tell.
 */
export function calendarOf(deviceType: DeviceType, meterId: string, readBack: ReadBack, parameters: unknown, year: number): MeterCalendar | undefined {
  const images = new Map([...readBack.tables].map(([table, { bytes }]) => [table, bytes]));
  const { calendar } = parametersFromImages(deviceType, images);
  if (!calendar || calendar.seasons.length === 0) return undefined;
  const known = parametersSchema.safeParse(parameters);
  return {
    meterId,
    readAt: readBack.readAt.toISOString(),
    tableDigest: readBack.tables.get(CALENDAR_TABLE)?.digest ?? "",
    ...calendarView(calendar, known.success ? calendarNames(known.data) : undefined, year),
  };
}
