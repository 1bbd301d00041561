import type { ClockParameters } from "../parameters/schema.ts";
import { Zone, zoneYears } from "./zone.ts";

/** How a meter's clock is set up, as table 53 and procedure 10 need it. */
export interface MeterClock {
  readonly mode: "prevailing" | "standard" | "utc";
  readonly zone: string;
  /** Minutes that the meter's standard time is ahead of UTC; 0 where the clock shows UTC. */
  readonly offsetMinutes: number;
  /** Whether the clock moves for daylight saving, and then the wall clock's minute of the day (120) and by how much (60). */
  readonly daylight: { readonly minute: number; readonly amount: number } | null;
}

/** Reads zone data for the years given. Changes at differing hours or by differing amounts give the first one: `validate` refuses them. */
export function meterClock(clock: ClockParameters, years: { first: number; last: number }): MeterClock {
  if (clock.mode === "utc") return { mode: "utc", zone: clock.zone, offsetMinutes: 0, daylight: null };
  const { standardOffsetMinutes, changes } = zoneYears(new Zone(clock.zone), years.first, years.last);
  const first = clock.mode === "prevailing" ? changes[0] : undefined;
  return {
    mode: clock.mode,
    zone: clock.zone,
    offsetMinutes: standardOffsetMinutes,
    daylight: first ? { minute: first.minute, amount: first.amount } : null,
  };
}

/**
 * What the meter's clock should show at an instant (epoch milliseconds): `2026-11-21T07:05:09`, by the zone's own data. Opening a zone
 * costs about a millisecond: whoever asks often passes it.
 */
export function wallClock(clock: Pick<MeterClock, "mode" | "zone" | "offsetMinutes">, at: number, zone: Zone = new Zone(clock.zone)): string {
  const offset = clock.mode === "prevailing" ? zone.offsetMinutes(at) : clock.offsetMinutes;
  return new Date(at + offset * 60_000).toISOString().slice(0, 19);
}
