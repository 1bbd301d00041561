import { daysSince1970, octetOfYear, packedDate, secondsPerDay, yearOfOctet } from "./civil-date.ts";
import { rawText, Unwritable, writeRaw, type Codec } from "./codec.ts";
import type { DataFormats } from "./data-formats.ts";
import { readUnsigned, writeUnsigned } from "./integer.ts";
import { fast } from "./fast-codes.ts";

/** TM_FORMAT 1 and 2: one octet a part, as two decimal digits or as a binary number. */
function part(octet: number, bcd: boolean): number {
  if (!bcd) return octet;
  return (octet & 15) > 9 || octet >> 4 > 9 ? Number.NaN : (octet >> 4) * 10 + (octet & 15);
}

function octetOfPart(value: number, bcd: boolean): number {
  return bcd ? Math.floor(value / 10) * 16 + (value % 10) : value;
}

/** A moment on the meter's clock face, as seconds since 1970 of that face; undefined where the octets hold none. */
interface TimeForm {
  readonly width: number;
  readonly hasSeconds: boolean;
  /** All octets zero is no moment, and is read as `""`. */
  readonly zeroIsUnset: boolean;
  toSeconds(octets: Uint8Array, at: number): number | undefined;
  /** False where the form cannot hold it. */
  fromSeconds(octets: Uint8Array, at: number, seconds: number): boolean;
}

function calendarForm(bcd: boolean, hasSeconds: boolean): TimeForm {
  const width = hasSeconds ? 6 : 5;
  return {
    width, hasSeconds, zeroIsUnset: true,
    toSeconds: (octets, at) => {
      const days = daysSince1970(yearOfOctet(part(octets[at]!, bcd)), part(octets[at + 1]!, bcd), part(octets[at + 2]!, bcd));
      const hour = part(octets[at + 3]!, bcd);
      const minute = part(octets[at + 4]!, bcd);
      const second = hasSeconds ? part(octets[at + 5]!, bcd) : 0;
      return days >= 0 && hour < 24 && minute < 60 && second < 60 ? days * secondsPerDay + hour * 3600 + minute * 60 + second : undefined;
    },
    fromSeconds: (octets, at, seconds) => {
      const days = Math.floor(seconds / secondsPerDay);
      const date = packedDate(days);
      const time = seconds - days * secondsPerDay;
      if (date === 0 || (!hasSeconds && time % 60 !== 0)) return false;
      const parts = [octetOfYear(date >> 9), (date >> 5) & 15, date & 31, Math.floor(time / 3600), Math.floor(time / 60) % 60, time % 60];
      for (let i = 0; i < width; i++) octets[at + i] = octetOfPart(parts[i]!, bcd);
      return true;
    },
  };
}

/** TM_FORMAT 3: minutes since 1970 in 4 octets and, where there are seconds, one more octet for them. */
function minutesForm(littleEndian: boolean, hasSeconds: boolean): TimeForm {
  return {
    width: hasSeconds ? 5 : 4, hasSeconds, zeroIsUnset: false,
    toSeconds: (octets, at) => {
      const second = hasSeconds ? octets[at + 4]! : 0;
      return second < 60 ? readUnsigned(octets, at, 4, littleEndian) * 60 + second : undefined;
    },
    fromSeconds: (octets, at, seconds) => {
      if (seconds < 0 || seconds / 60 >= 2 ** 32 || (!hasSeconds && seconds % 60 !== 0)) return false;
      writeUnsigned(octets, at, 4, littleEndian, Math.floor(seconds / 60));
      if (hasSeconds) octets[at + 4] = seconds % 60;
      return true;
    },
  };
}

/** TM_FORMAT 4: seconds since 1970 in 4 octets; STIME_DATE has them too. */
function secondsForm(littleEndian: boolean): TimeForm {
  return {
    width: 4, hasSeconds: true, zeroIsUnset: false,
    toSeconds: (octets, at) => readUnsigned(octets, at, 4, littleEndian),
    fromSeconds: (octets, at, seconds) => {
      if (seconds < 0 || seconds >= 2 ** 32) return false;
      writeUnsigned(octets, at, 4, littleEndian, seconds);
      return true;
    },
  };
}

/** DATE: 16 bits, 0-6 year, 7-10 month, 11-15 day. Observed in one driver; the year's century as in the year octet. */
function dateForm(littleEndian: boolean): TimeForm {
  return {
    width: 2, hasSeconds: false, zeroIsUnset: true,
    toSeconds: (octets, at) => {
      const word = readUnsigned(octets, at, 2, littleEndian);
      const days = daysSince1970(yearOfOctet(word & 127), (word >> 7) & 15, word >> 11);
      return days < 0 ? undefined : days * secondsPerDay;
    },
    fromSeconds: (octets, at, seconds) => {
      const date = packedDate(seconds / secondsPerDay);
      if (date === 0 || seconds % secondsPerDay !== 0) return false;
      writeUnsigned(octets, at, 2, littleEndian, octetOfYear(date >> 9) | (((date >> 5) & 15) << 7) | ((date & 31) << 11));
      return true;
    },
  };
}

function timeOfDayForm(formats: DataFormats): TimeForm {
  if (formats.time === 1 || formats.time === 2) {
    const bcd = formats.time === 1;
    return {
      width: 3, hasSeconds: true, zeroIsUnset: false,
      toSeconds: (octets, at) => {
        const hour = part(octets[at]!, bcd);
        const minute = part(octets[at + 1]!, bcd);
        const second = part(octets[at + 2]!, bcd);
        return hour < 24 && minute < 60 && second < 60 ? hour * 3600 + minute * 60 + second : undefined;
      },
      fromSeconds: (octets, at, seconds) => {
        if (seconds < 0 || seconds >= secondsPerDay) return false;
        octets[at] = octetOfPart(Math.floor(seconds / 3600), bcd);
        octets[at + 1] = octetOfPart(Math.floor(seconds / 60) % 60, bcd);
        octets[at + 2] = octetOfPart(seconds % 60, bcd);
        return true;
      },
    };
  }
  // Seconds since midnight in TM_FORMAT 3 too: unverified, one public header says so.
  return {
    width: 4, hasSeconds: true, zeroIsUnset: false,
    toSeconds: (octets, at) => {
      const seconds = readUnsigned(octets, at, 4, formats.littleEndian);
      return seconds < secondsPerDay ? seconds : undefined;
    },
    fromSeconds: (octets, at, seconds) => {
      if (seconds < 0 || seconds >= secondsPerDay) return false;
      writeUnsigned(octets, at, 4, formats.littleEndian, seconds);
      return true;
    },
  };
}

/** LTIME_DATE (with seconds) and STIME_DATE (without, except in TM_FORMAT 4). Undefined where TM_FORMAT 0 leaves no time at all. */
export function dateTime(long: boolean, formats: DataFormats): Codec | undefined {
  switch (formats.time) {
    case 0:
      return undefined;
    case 1:
    case 2:
      return timeCodec("date-time", calendarForm(formats.time === 1, long), formats.time === 2 ? (long ? fast.calendar6 : fast.calendar5) : fast.slow);
    case 3:
      return timeCodec("date-time", minutesForm(formats.littleEndian, long), fast.slow);
    case 4:
      return timeCodec("date-time", secondsForm(formats.littleEndian), fast.unsigned(4, formats.littleEndian));
  }
}

export function timeOfDay(formats: DataFormats): Codec | undefined {
  return formats.time === 0 ? undefined : timeCodec("time", timeOfDayForm(formats), fast.slow);
}

export function date(formats: DataFormats): Codec {
  return timeCodec("date", dateForm(formats.littleEndian), fast.date(formats.littleEndian));
}

function timeCodec(kind: "date-time" | "date" | "time", form: TimeForm, fastCode: number): Codec {
  const { width } = form;
  const shape = kind === "date" ? "2026-11-21" : kind === "time" ? "07:05:09" : form.hasSeconds ? "2026-11-21T07:05:09" : "2026-11-21T07:05";
  const expected = `${kind === "time" ? "a time" : kind === "date" ? "a date" : "a date and time"} as ${shape}${form.width >= 5 || kind === "date" ? ", years 1990 to 2089" : ""}`;
  return {
    kind, width, shift: 0, bits: 8 * width, fast: fastCode,
    read: (octets, at) => {
      const seconds = form.toSeconds(octets, at);
      const written = seconds === undefined ? undefined : toText(kind, seconds, form.hasSeconds);
      if (written !== undefined) return written;
      return form.zeroIsUnset && isZero(octets, at, width) ? "" : rawText(octets, at, width);
    },
    write: (octets, at, value) => {
      if (value === "") {
        octets.fill(0, at, at + width);
        return;
      }
      if (writeRaw(octets, at, width, value)) return;
      const seconds = typeof value === "string" ? fromText(kind, value) : undefined;
      if (seconds === undefined || !form.fromSeconds(octets, at, seconds)) throw new Unwritable(expected);
    },
    number: (octets, at) => form.toSeconds(octets, at) ?? Number.NaN,
    setNumber: (octets, at, value) => {
      if (!Number.isInteger(value) || !form.fromSeconds(octets, at, value)) throw new Unwritable(expected);
    },
  };
}

/** Undefined from the year 10000 on, which four digits do not hold. */
function toText(kind: "date-time" | "date" | "time", seconds: number, withSeconds: boolean): string | undefined {
  if (seconds >= 253_402_300_800) return undefined;
  const days = Math.floor(seconds / secondsPerDay);
  const time = seconds - days * secondsPerDay;
  const minutes = `${twoDigits(Math.floor(time / 3600))}:${twoDigits(Math.floor(time / 60) % 60)}`;
  if (kind === "time") return `${minutes}:${twoDigits(time % 60)}`;
  const date = dateText(days);
  if (kind === "date") return date;
  return withSeconds ? `${date}T${minutes}:${twoDigits(time % 60)}` : `${date}T${minutes}`;
}

/** The span of the calendar forms by our own arithmetic, what minutes and seconds since 1970 reach beyond it by the platform's. */
function dateText(days: number): string {
  const date = packedDate(days);
  if (date === 0) return new Date(days * secondsPerDay * 1000).toISOString().slice(0, 10);
  return `${date >> 9}-${twoDigits((date >> 5) & 15)}-${twoDigits(date & 31)}`;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

function fromText(kind: "date-time" | "date" | "time", value: string): number | undefined {
  const full = kind === "date" ? `${value}T00:00:00Z` : kind === "time" ? `1970-01-01T${value}Z` : `${value}${value.length === 16 ? ":00" : ""}Z`;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(full)) return undefined;
  const moment = new Date(full);
  // A day that its month does not have would come back as another one.
  return !Number.isNaN(moment.getTime()) && moment.toISOString() === full.replace("Z", ".000Z") ? moment.getTime() / 1000 : undefined;
}

function isZero(octets: Uint8Array, at: number, width: number): boolean {
  for (let i = at; i < at + width; i++) if (octets[i] !== 0) return false;
  return true;
}
