import type { CalendarReading } from "./calendar-reading.ts";
import { secondsOfDay, type CivilSeconds } from "./civil-date.ts";

/** How table 52 shows the time; chosen by the qualifiers of procedure 10. */
export type ClockMode = "utc" | "standard" | "prevailing";

/** Table 53 as numbers. */
export interface TimeOffset {
  /** Seconds after 00:00 at which daylight saving begins and ends on its days, in the reading that then holds. */
  readonly daylightAtSeconds: number;
  readonly daylightMinutes: number;
  /** Standard time minus UTC, minutes; 0 where the model has none. */
  readonly zoneMinutes: number;
}

export interface ClockReading {
  readonly seconds: CivilSeconds;
  /** Daylight saving is in effect by the calendar, and part of the reading. */
  readonly daylight: boolean;
}

/** What a clock at `utc` (seconds since 1970) shows. */
export function readClock(utc: number, mode: ClockMode, offset: TimeOffset, calendar: CalendarReading): ClockReading {
  if (mode === "utc") return { seconds: utc, daylight: false };
  const standard = utc + offset.zoneMinutes * 60;
  if (mode === "standard") return { seconds: standard, daylight: false };
  const daylight = daylightAt(standard, offset, calendar);
  return { seconds: standard + (daylight ? offset.daylightMinutes * 60 : 0), daylight };
}

/** Seconds from `utc` until daylight saving next begins or ends for such a clock; infinite where it does not. */
export function untilShift(utc: number, mode: ClockMode, offset: TimeOffset, calendar: CalendarReading): number {
  if (mode !== "prevailing") return Number.POSITIVE_INFINITY;
  const standard = utc + offset.zoneMinutes * 60;
  for (const change of calendar.daylight) {
    const at = shiftAt(change, offset);
    if (at > standard) return at - standard;
  }
  return Number.POSITIVE_INFINITY;
}

/** When a change of daylight saving happens, in standard time. Ours (the standard's second field for the end is unverified): the end is told in the reading that still holds. */
function shiftAt(change: CalendarReading["daylight"][number], offset: TimeOffset): CivilSeconds {
  return change.day * secondsOfDay + offset.daylightAtSeconds - (change.on ? 0 : offset.daylightMinutes * 60);
}

/** Whether daylight saving holds at an instant given in standard time. Before the first entry, the opposite of what that entry begins. */
export function daylightAt(standard: CivilSeconds, offset: TimeOffset, calendar: CalendarReading): boolean {
  let on = calendar.daylight[0] ? !calendar.daylight[0].on : false;
  for (const change of calendar.daylight) {
    if (shiftAt(change, offset) > standard) break;
    on = change.on;
  }
  return on;
}

/** The instant, seconds since 1970 UTC, that a reading names. `daylight`: the reading includes daylight saving. */
export function utcOf(reading: CivilSeconds, mode: ClockMode, daylight: boolean, offset: TimeOffset): number {
  if (mode === "utc") return reading;
  return reading - offset.zoneMinutes * 60 - (daylight ? offset.daylightMinutes * 60 : 0);
}
