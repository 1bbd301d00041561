import { countDays, dayAfter, exists, type Day } from "./days.ts";
import type { Forms } from "./forms.ts";
import { integerOf, octetsOf } from "./integers.ts";

/** A moment on the meter's clock face; a time of day has no day. */
interface Moment {
  readonly on?: Day;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export type TimeType = "LTIME_DATE" | "STIME_DATE" | "TIME" | "DATE";

/** Octets of a time; none where TM_FORMAT 0 leaves it out. */
export function timeWidth(type: TimeType, { time }: Forms): number {
  if (type === "DATE") return 2;
  if (time === 0) return 0;
  if (time === 4) return 4;
  if (time === 3) return type === "LTIME_DATE" ? 5 : 4;
  return { LTIME_DATE: 6, STIME_DATE: 5, TIME: 3 }[type];
}

/** ISO 8601, `""` for a calendar form of zeros, undefined where the octets are no such time. */
export function readTime(type: TimeType, octets: readonly number[], forms: Forms): string | undefined {
  const moment = momentOf(type, octets, forms);
  if (moment && isTime(moment)) return written(type, moment, forms);
  const hasNoZero = type === "DATE" || (type !== "TIME" && forms.time <= 2);
  return hasNoZero && octets.every((octet) => octet === 0) ? "" : undefined;
}

/** Undefined where the form cannot hold the text. */
export function writeTime(type: TimeType, text: string, forms: Forms): number[] | undefined {
  const width = timeWidth(type, forms);
  if (text === "") return Array.from({ length: width }, () => 0);
  const moment = parsed(type, text);
  if (!moment || !isTime(moment)) return undefined;
  const octets = octetsOfMoment(type, moment, forms);
  // What comes back is what was meant: a form without seconds, or with fewer years, refuses what it cannot keep.
  const again = octets && momentOf(type, octets, forms);
  return again && isTime(again) && sameMoment(again, moment) ? octets : undefined;
}

function momentOf(type: TimeType, octets: readonly number[], forms: Forms): Moment | undefined {
  const midnight = { hour: 0, minute: 0, second: 0 };
  if (type === "DATE") {
    const word = Number(integerOf(octets, forms.order));
    return { on: { year: century(word % 128), month: Math.floor(word / 128) % 16, day: Math.floor(word / 2048) }, ...midnight };
  }
  if (forms.time <= 2) {
    const parts = octets.map((octet) => (forms.time === 2 ? octet : bcdPart(octet)));
    if (type === "TIME") return { hour: parts[0]!, minute: parts[1]!, second: parts[2]! };
    return { on: { year: century(parts[0]!), month: parts[1]!, day: parts[2]! }, hour: parts[3]!, minute: parts[4]!, second: parts[5] ?? 0 };
  }
  const count = Number(integerOf(octets.slice(0, 4), forms.order));
  if (type === "TIME") return clock(count);
  const seconds = forms.time === 3 ? count * 60 : count;
  const day = Math.floor(seconds / 86_400);
  const time = clock(seconds - day * 86_400);
  return { on: dayAfter(day), ...time, ...(forms.time === 3 ? { second: octets[4] ?? 0 } : {}) };
}

function octetsOfMoment(type: TimeType, { on, hour, minute, second }: Moment, forms: Forms): number[] | undefined {
  if (type === "DATE") return on && octetsOf(BigInt((on.year % 100) + on.month * 128 + on.day * 2048), 2, forms.order);
  if (forms.time <= 2) {
    const date = on ? [on.year % 100, on.month, on.day] : [];
    const time = type === "STIME_DATE" ? [hour, minute] : [hour, minute, second];
    return [...date, ...time].map((part) => (forms.time === 2 ? part : Math.floor(part / 10) * 16 + (part % 10)));
  }
  const seconds = (on ? countDays(on) : 0) * 86_400 + hour * 3600 + minute * 60 + second;
  if (type === "TIME" || forms.time === 4) return octetsOf(BigInt(seconds), 4, forms.order);
  const minutes = octetsOf(BigInt(Math.floor(seconds / 60)), 4, forms.order);
  return minutes && [...minutes, ...(type === "LTIME_DATE" ? [second] : [])];
}

/** Year octets 0 to 89 are 2000 to 2089, 90 to 99 are 1990 to 1999. */
function century(octet: number): number {
  if (octet <= 89) return 2000 + octet;
  return octet <= 99 ? 1900 + octet : Number.NaN;
}

function bcdPart(octet: number): number {
  const [tens, units] = [Math.floor(octet / 16), octet % 16];
  return tens > 9 || units > 9 ? Number.NaN : tens * 10 + units;
}

function clock(seconds: number): Moment {
  return { hour: Math.floor(seconds / 3600), minute: Math.floor(seconds / 60) % 60, second: seconds % 60 };
}

function isTime({ on, hour, minute, second }: Moment): boolean {
  return (on === undefined || (exists(on) && on.year <= 9999)) && hour < 24 && minute < 60 && second < 60;
}

function sameMoment(a: Moment, b: Moment): boolean {
  return a.hour === b.hour && a.minute === b.minute && a.second === b.second && a.on?.year === b.on?.year && a.on?.month === b.on?.month && a.on?.day === b.on?.day;
}

function written(type: TimeType, { on, hour, minute, second }: Moment, forms: Forms): string {
  const digits = (part: number, width = 2): string => String(part).padStart(width, "0");
  const date = on ? `${digits(on.year, 4)}-${digits(on.month)}-${digits(on.day)}` : "";
  if (type === "DATE") return date;
  const withSeconds = type !== "STIME_DATE" || forms.time === 4;
  const time = `${digits(hour)}:${digits(minute)}${withSeconds ? `:${digits(second)}` : ""}`;
  return type === "TIME" ? time : `${date}T${time}`;
}

function parsed(type: TimeType, text: string): Moment | undefined {
  const date = String.raw`(\d{4})-(\d\d)-(\d\d)`;
  const time = String.raw`(\d\d):(\d\d)`;
  if (type === "TIME") {
    const found = new RegExp(`^${time}:(\\d\\d)$`).exec(text)?.slice(1).map(Number);
    return found && { hour: found[0]!, minute: found[1]!, second: found[2]! };
  }
  const found = new RegExp(type === "DATE" ? `^${date}$` : `^${date}T${time}(?::(\\d\\d))?$`).exec(text)?.slice(1).map((part) => Number(part ?? 0));
  const [year, month, day, hour = 0, minute = 0, second = 0] = found ?? [];
  if (year === undefined || month === undefined || day === undefined || year < 1970) return undefined;
  return { on: { year, month, day }, hour, minute, second };
}
