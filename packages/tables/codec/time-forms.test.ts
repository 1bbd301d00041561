import { fromHex, toHex } from "@metersmith/base/bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { daysSince1970, octetOfYear, packedDate, secondsOfOctets } from "./civil-date.ts";
import { Unwritable, type Codec } from "./codec.ts";
import { dataFormats } from "./data-formats.ts";
import { date, dateTime, timeOfDay } from "./time.ts";

const order = { least: 0x02, most: 0x03 } as const;
const formats = (timeFormat: number, dataOrder: keyof typeof order) => dataFormats(order[dataOrder], timeFormat, 0);

function write(codec: Codec, value: string): string {
  const octets = new Uint8Array(codec.width);
  codec.write(octets, 0, value);
  return toHex(octets);
}

/** 2026-11-21 07:05:09 is 1,795,244,709 s (0x6B0142A5) and 29,920,745 min (0x01C88DE9) since 1970; 07:05:09 is 25,509 s = 0x63A5. */
const forms = [
  { format: 1, long: "261121070509", short: "2611210705", time: "070509", seconds: false },
  { format: 2, long: "1a0b15070509", short: "1a0b150705", time: "070509", seconds: false },
  { format: 3, long: "e98dc80109", short: "e98dc801", time: "a5630000", seconds: false },
  { format: 4, long: "a542016b", short: "a542016b", time: "a5630000", seconds: true },
] as const;

describe.each(forms)("TM_FORMAT $format", ({ format, long, short, time, seconds }) => {
  test("long, short and daily forms as worked out by hand", () => {
    const le = formats(format, "least");
    const [ltime, stime, daily] = [dateTime(true, le), dateTime(false, le), timeOfDay(le)] as [Codec, Codec, Codec];
    expect(ltime.read(fromHex(long), 0)).toBe("2026-11-21T07:05:09");
    expect(stime.read(fromHex(short), 0)).toBe(seconds ? "2026-11-21T07:05:09" : "2026-11-21T07:05");
    expect(daily.read(fromHex(time), 0)).toBe("07:05:09");
    expect(write(ltime, "2026-11-21T07:05:09")).toBe(long);
    expect(write(stime, seconds ? "2026-11-21T07:05:09" : "2026-11-21T07:05")).toBe(short);
    expect(write(daily, "07:05:09")).toBe(time);
    expect(ltime.number(fromHex(long), 0)).toBe(1_795_244_709);
  });

  test("a moment that is none is refused, and an empty one is zero octets", () => {
    const codec = dateTime(true, formats(format, "least")) as Codec;
    for (const wrong of ["2026-02-29T00:00:00", "2026-13-01T00:00:00", "2026-11-21T24:00:00", "2026-11-21", "2026-11-21T07:05:09Z", "soon"]) {
      expect(() => write(codec, wrong), wrong).toThrow(Unwritable);
    }
    expect(write(codec, "")).toBe("00".repeat(codec.width));
  });
});

test("data order turns minutes and seconds round, and calendar octets not", () => {
  expect((dateTime(true, formats(4, "most")) as Codec).read(fromHex("6b0142a5"), 0)).toBe("2026-11-21T07:05:09");
  expect((dateTime(true, formats(3, "most")) as Codec).read(fromHex("01c88de909"), 0)).toBe("2026-11-21T07:05:09");
  expect((dateTime(true, formats(2, "most")) as Codec).read(fromHex("1a0b15070509"), 0)).toBe("2026-11-21T07:05:09");
});

test("no clock, no times", () => {
  expect(dateTime(true, formats(0, "least"))).toBeUndefined();
  expect(timeOfDay(formats(0, "least"))).toBeUndefined();
});

test("octets that are no date read as they are, and go back", () => {
  const codec = dateTime(false, formats(2, "least")) as Codec;
  expect(codec.read(fromHex("1a0d010000"), 0)).toBe("raw:1a0d010000");
  expect(codec.read(fromHex("0000000000"), 0)).toBe("");
  expect(write(codec, "raw:ffffffffff")).toBe("ffffffffff");
  expect(date(formats(2, "least")).read(fromHex("ffff"), 0)).toBe("raw:ffff");
  expect(date(formats(2, "least")).read(fromHex("0000"), 0)).toBe("");
});

test("our calendar arithmetic is that of the platform for every day from 1990 to 2089", () => {
  for (let day = Date.UTC(1990, 0, 1) / 86_400_000; day < Date.UTC(2090, 0, 1) / 86_400_000; day++) {
    const moment = new Date(day * 86_400_000);
    const [year, month, ofMonth] = [moment.getUTCFullYear(), moment.getUTCMonth() + 1, moment.getUTCDate()];
    const packed = (year << 9) | (month << 5) | ofMonth;
    if (daysSince1970(year, month, ofMonth) !== day || packedDate(day) !== packed || secondsOfOctets(octetOfYear(year) | (month << 7), ofMonth) !== day * 86_400) {
      expect.fail(`${moment.toISOString()}: ${daysSince1970(year, month, ofMonth)}, ${packedDate(day)}`);
    }
  }
});

test("dates that the calendar does not have are none", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 127 }), fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 31 }), (octet, month, day) => {
      const year = octet < 90 ? 2000 + octet : 1900 + octet;
      const moment = new Date(Date.UTC(year, month - 1, day));
      const exists = octet < 100 && month > 0 && day > 0 && moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day;
      return secondsOfOctets(octet | (month << 7), day) >= 0 === exists && (octet > 99 || daysSince1970(year, month, day) >= 0 === exists);
    }),
    { numRuns: 2_000 },
  );
});
