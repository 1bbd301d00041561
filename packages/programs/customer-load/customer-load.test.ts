import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProgramsError } from "../errors.ts";
import { exampleJson, exampleParameters } from "../testing/example-files.ts";
import { independentDays, wallCalendar } from "../testing/independent-reading.ts";
import { readGreenButton } from "./green-button.ts";
import { readIntervalCsv } from "./interval-csv.ts";
import { runLoad } from "./run-load.ts";

const fourDays = readFileSync(new URL("../../../examples/loads/four-days.csv", import.meta.url), "utf8");

function refusalOf(run: () => unknown): ProgramsError {
  try {
    run();
  } catch (error) {
    if (error instanceof ProgramsError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

/** A feed by hand: an hour from 2026-07-15 11:00 in Phoenix, in quarters; tenths of a kWh as 10⁻¹ × 10³ Wh would be 2 in the exponent. */
const feed = (readings: string, type = "<accumulationBehaviour>4</accumulationBehaviour><flowDirection>1</flowDirection><intervalLength>900</intervalLength><powerOfTenMultiplier>2</powerOfTenMultiplier><uom>72</uom>"): string => `<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom"><entry><content><ReadingType xmlns="http://naesb.org/espi">${type}</ReadingType></content></entry>
<entry><content><IntervalBlock xmlns="http://naesb.org/espi"><interval><duration>3600</duration><start>1784138400</start></interval>${readings}</IntervalBlock></content></entry></feed>`;
const reading = (start: number, value: string, duration = "<duration>900</duration>"): string => `<IntervalReading><timePeriod>${duration}<start>${start}</start></timePeriod><value>${value}</value></IntervalReading>`;

describe("a customer's load under a draft", () => {
  test("energy and time by tier are those of a sum over the raw file and the raw rate", () => {
    const run = runLoad(exampleParameters("aps-et-2-tou"), readIntervalCsv(fourDays, "four-days.csv"));
    const tiersOf = independentDays(exampleJson("aps-et-2-tou"), new Set<string>(wallCalendar["aps-et-2-tou"][2026]));
    const wanted = [0, 0];
    for (const line of fourDays.trim().split("\n").slice(1)) {
      const [at = "", kilowattHours = ""] = line.split(",");
      const tier = tiersOf(at.slice(0, 10))[Number(at.slice(11, 13)) * 60 + Number(at.slice(14, 16))]!;
      wanted[tier] = wanted[tier]! + Math.round(Number(kilowattHours) * 1000);
    }
    expect(run.tiers.map(({ wattHours }) => Math.round(wattHours))).toEqual(wanted);
    // Friday and Monday have seven hours on-peak each.
    expect(run.tiers.map(({ minutes }) => minutes)).toEqual([4 * 1440 - 840, 840]);
    expect(run).toMatchObject({ from: "2026-07-10T07:00:00.000Z", to: "2026-07-14T07:00:00.000Z", intervals: 384, missing: 0, shared: 0, notes: [] });
  });

  test("demand is the average of a whole block, in the tier of its beginning, told with the meter's clock at its end", () => {
    const csv = ["start,kWh", ...["16:00", "16:15", "16:30", "16:45", "17:00", "17:15", "17:30"].map((time, index) => `2026-07-15T${time}:00-07:00,${[1, 2, 3, 4, 9, 9, 9][index]}`)].join("\n");
    const run = runLoad(exampleParameters("aps-r-2-tou-demand"), readIntervalCsv(csv, "hour.csv"));
    // Ten kWh in the hour from 16:00; that from 17:00 lacks its last quarter. On-peak from 15:00 to 18:00 in this record's hours.
    expect(run.tiers.find(({ demand }) => demand !== null)?.demand).toEqual({ watts: 10_000, ends: "2026-07-15T17:00:00" });
    expect(run.notes).toEqual(["1 demand intervals are not whole and do not count"]);
  });

  test("holidays are those of the load's own years; where they are given by dates, that is said", () => {
    const day = (date: string): string => ["start,kWh", ...Array.from({ length: 24 }, (_, hour) => `${date}T${String(hour).padStart(2, "0")}:00:00-07:00,1`)].join("\n");
    const minutesOn = (date: string): readonly number[] => runLoad(exampleParameters("aps-et-2-tou"), readIntervalCsv(day(date), "day.csv")).tiers.map(({ minutes }) => minutes);
    // 4 July 2012 was a Wednesday, 5 July an ordinary Thursday.
    expect(minutesOn("2012-07-04")).toEqual([1440, 0]);
    expect(minutesOn("2012-07-05")).toEqual([1020, 420]);
    expect(runLoad(exampleParameters("dominion-va-gs-3"), readIntervalCsv(day("2012-07-05"), "day.csv")).notes).toContain("holidays given by dates (Good Friday) are not known for the years of the load");
  });

  test("a day on which the clock changes has 23 or 25 hours, and none is lost", () => {
    const hours = (from: string, count: number): string => ["start,kWh", ...Array.from({ length: count }, (_, hour) => `${new Date(Date.parse(from) + hour * 3_600_000).toISOString().slice(0, 19)}Z,1`)].join("\n");
    for (const [from, count] of [["2026-03-08T08:00:00Z", 23], ["2026-11-01T07:00:00Z", 25]] as const) {
      const run = runLoad(exampleParameters("sce-gs-2-tou-b-single-phase"), readIntervalCsv(hours(from, count), "day.csv"));
      expect(run.tiers.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(count * 60);
      expect(run.wattHours).toBe(count * 1000);
    }
  });

  test("an interval in which the tier changes is shared out by minutes, and counted", () => {
    // E-19 goes from off-peak to mid-peak at half past eight.
    const run = runLoad(exampleParameters("pge-e-19-secondary-tou-demand"), readIntervalCsv("start,kWh\n2026-07-15T07:00:00-07:00,1\n2026-07-15T08:00:00-07:00,1\n", "two.csv"));
    expect(run.shared).toBe(1);
    expect(run.tiers.slice(0, 2).map(({ wattHours }) => Math.round(wattHours))).toEqual([1500, 500]);
  });
});

describe("Green Button", () => {
  const quarters = [0, 1, 2, 3].map((quarter) => reading(1_784_138_400 + quarter * 900, String(quarter + 1))).join("");

  test("a feed by hand is read with its power of ten", () => {
    expect(readGreenButton(feed(quarters), "feed.xml")).toEqual({ seconds: 900, intervals: [1, 2, 3, 4].map((value, quarter) => ({ start: 1_784_138_400 + quarter * 900, wattHours: value * 100 })) });
    expect(readGreenButton(feed(reading(1_784_138_400, "5", "")), "feed.xml").seconds).toBe(900);
  });

  test.each([
    ["no XML", "start,kWh", /feed\.xml/],
    ["an entity", `<!DOCTYPE feed [<!ENTITY a "b">]>${feed(quarters)}`, /document type/],
    ["gas", feed(quarters, "<uom>119</uom>"), /no ReadingType of energy/],
    ["energy received", feed(quarters, "<uom>72</uom><flowDirection>19</flowDirection>"), /no ReadingType of energy/],
    ["two kinds", feed(quarters).replace("</entry>", `</entry><entry><content><ReadingType xmlns="http://naesb.org/espi"><uom>72</uom></ReadingType></content></entry>`), /2 kinds of readings/],
    ["a value that is none", feed(reading(1_784_138_400, "1e3")), /value is "1e3"/],
    ["a reading twice", feed(reading(1_784_138_400, "1") + reading(1_784_138_400, "1")), /two readings begin at 2026-07-15T18:00:00/],
    ["intervals of differing length", feed(quarters + reading(1_784_142_000, "1", "<duration>1800</duration>")), /reading 5 lasts 1800 s/],
    ["no readings", feed(""), /no reading/],
  ])("%s is refused with what is wrong", (_, xml, message) => {
    const error = refusalOf(() => readGreenButton(xml, "feed.xml"));
    expect(error.code).toBe("intervals-invalid");
    expect(error.message).toMatch(message);
  });
});

describe("a table of intervals", () => {
  test.each([
    ["another heading", "time;kWh\n", /line 1/],
    ["no offset", "start,kWh\n2026-07-01T00:00,1\n2026-07-01T00:15,1\n", /line 2: "2026-07-01T00:00" is no instant/],
    ["no energy", "start,kWh\n2026-07-01T00:00Z,1\n2026-07-01T00:15Z,\n", /line 3/],
    ["one line, whose length nobody can tell", "start,kWh\n2026-07-01T00:00Z,1\n", /intervals of 0 s/],
    ["an odd length", "start,kWh\n2026-07-01T00:00Z,1\n2026-07-01T00:07Z,1\n", /intervals of 420 s/],
    ["a beginning between two", "start,kWh\n2026-07-01T00:00Z,1\n2026-07-01T00:15Z,1\n2026-07-01T00:20Z,1\n", /reading 3 begins at 2026-07-01T00:20/],
  ])("%s is refused with its line", (_, csv, message) => {
    expect(refusalOf(() => readIntervalCsv(csv, "load.csv")).message).toMatch(message);
  });

  test("any text at all is intervals or is refused by this package's own error", () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => {
      for (const csv of [a, `start,kWh\n${a}\n${b}`]) {
        try {
          readIntervalCsv(csv, "any.csv");
        } catch (error) {
          expect(error).toBeInstanceOf(ProgramsError);
        }
      }
    }), { numRuns: 200 });
  });
});
