import { ProgramsError } from "../errors.ts";
import { isoDate } from "./civil-date.ts";

/** Asks the platform's time zone data (IANA) for offsets. Throws where the zone is unknown. */
export class Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;

  constructor(name: string) {
    this.name = name;
    try {
      this.#format = new Intl.DateTimeFormat("en-US", {
        timeZone: name, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
      });
    } catch (cause) {
      throw new ProgramsError("parameters-invalid", `clock.zone: "${name.slice(0, 60)}" is not a time zone; write it like America/Phoenix`, { context: { field: "clock.zone" }, cause });
    }
  }

  /** Minutes that local time is ahead of UTC at an instant (epoch milliseconds); Los Angeles in winter: -480. */
  offsetMinutes(at: number): number {
    const part: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(at)) part[type] = Number(value);
    const local = Date.UTC(part["year"] ?? 0, (part["month"] ?? 1) - 1, part["day"] ?? 1, part["hour"] ?? 0, part["minute"] ?? 0, part["second"] ?? 0);
    return Math.round((local - Math.floor(at / 1000) * 1000) / 60_000);
  }
}

export interface DaylightChange {
  /** The local date on which the clock changes. */
  readonly date: string;
  readonly action: "daylight-on" | "daylight-off";
  /** The wall clock's minute of the day just before it changes; 120 in the United States, both times. */
  readonly minute: number;
  /** Minutes that the clock moves. */
  readonly amount: number;
}

/** What a zone does in a span of years: its standard offset and each change of the clock, in order. */
export interface ZoneYears {
  readonly standardOffsetMinutes: number;
  readonly changes: readonly DaylightChange[];
}

const minuteMillis = 60_000;
const dayMillis = 86_400_000;

/** Both years are included. Changes are found by comparing offsets fortnight by fortnight, then halving to the minute. */
export function zoneYears(zone: Zone, firstYear: number, lastYear: number): ZoneYears {
  const end = Date.UTC(lastYear + 1, 0, 1);
  const changes: DaylightChange[] = [];
  let at = Date.UTC(firstYear, 0, 1);
  let offset = zone.offsetMinutes(at);
  let standard = offset;
  while (at < end) {
    const next = Math.min(at + 14 * dayMillis, end);
    const nextOffset = zone.offsetMinutes(next);
    if (nextOffset !== offset) changes.push(changeBetween(zone, at, next, offset, nextOffset));
    standard = Math.min(standard, nextOffset);
    [at, offset] = [next, nextOffset];
  }
  return { standardOffsetMinutes: standard, changes };
}

function changeBetween(zone: Zone, from: number, to: number, before: number, after: number): DaylightChange {
  let [low, high] = [from, to];
  while (high - low > minuteMillis) {
    const middle = low + Math.floor((high - low) / 2 / minuteMillis) * minuteMillis;
    if (zone.offsetMinutes(middle) === before) low = middle;
    else high = middle;
  }
  const local = high + before * minuteMillis;
  const day = Math.floor(local / dayMillis);
  return {
    date: isoDate(day),
    action: after > before ? "daylight-on" : "daylight-off",
    minute: Math.round((local - day * dayMillis) / minuteMillis),
    amount: Math.abs(after - before),
  };
}
