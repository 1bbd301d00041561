import type { EpochMillis } from "@metersmith/base/clock";
import type { FieldValue } from "@metersmith/tables";
import { ClientError } from "./client-error.ts";
import type { PlannedClock } from "./program-plan.ts";

/** What a meter's clock must show. */
export interface ClockFace {
  /** `2026-11-21T07:05:09`, without a zone. */
  readonly reading: string;
  /** TIME_DATE_QUAL of tables 52 and 55 and of procedure 10. */
  readonly qualifiers: { readonly [flag: string]: number | boolean };
}

/** The face of a clock that runs as planned, at an instant. The zone's rules are those of this machine's tz data. Throws `bad-plan` for an unknown zone. */
export function clockFace(clock: PlannedClock, at: EpochMillis): ClockFace {
  const minutes = offsetAt(clock, at);
  const shown = new Date(at + minutes * 60_000);
  const daylight = clock.mode === "prevailing" && minutes !== clock.offsetMinutes;
  return {
    reading: shown.toISOString().slice(0, 19),
    qualifiers: {
      DAY_OF_WEEK: shown.getUTCDay(),
      DST_FLAG: daylight,
      GMT_FLAG: clock.mode === "utc",
      TM_ZN_APPLIED_FLAG: clock.mode !== "utc",
      DST_APPLIED_FLAG: daylight,
      DST_SUPPORTED_FLAG: clock.mode === "prevailing",
    },
  };
}

/** Parameters of procedure 10, which sets time, date and qualifiers together. */
export function setClockParameters(clock: PlannedClock, at: EpochMillis): FieldValue {
  const { reading, qualifiers } = clockFace(clock, at);
  return { SET_MASK: { SET_TIME_FLAG: true, SET_DATE_FLAG: true, SET_TIME_DATE_QUAL: true }, DATE_TIME: reading, TIME_DATE_QUAL: qualifiers };
}

/** Seconds from one reading to another, NaN where either is none. */
export function secondsBetween(from: string, to: string): number {
  return (Date.parse(`${to}Z`) - Date.parse(`${from}Z`)) / 1000;
}

function offsetAt({ mode, zone, offsetMinutes }: PlannedClock, at: EpochMillis): number {
  if (mode === "utc") return 0;
  if (mode === "standard") return offsetMinutes;
  const whole = at - (((at % 1000) + 1000) % 1000);
  const parts = new Map(format(zone).formatToParts(whole).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const local = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return (local - whole) / 60_000;
}

function format(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" });
  } catch (error) {
    throw new ClientError("input", "bad-plan", `The program's clock names the zone ${zone}, which is unknown here. Expected an IANA zone such as America/Phoenix.`, { field: "clock.zone", actual: zone }, error);
  }
}
