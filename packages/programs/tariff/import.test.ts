import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProgramsError } from "../errors.ts";
import { parseJsonFile } from "../json-file.ts";
import { importTariff } from "./import.ts";

const folder = new URL("../../../examples/tariffs/", import.meta.url);
const records = readdirSync(folder)
  .filter((name) => name.endsWith(".json") && !name.endsWith(".answers.json"))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));

function record(name: string): Record<string, unknown> {
  const found = records.find((one) => one.name === `${name}.json`);
  return JSON.parse(found?.text ?? "null") as Record<string, unknown>;
}

function refusalOf(run: () => unknown): ProgramsError {
  try {
    run();
  } catch (error) {
    if (error instanceof ProgramsError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("every rate record that we have", () => {
  test("there are nine", () => expect(records.map(({ name }) => name)).toHaveLength(9));

  test.each(records)("$name: each hour keeps the energy and demand period that the record gives it", ({ name, text }) => {
    const tariff = importTariff(parseJsonFile(text, name), name);
    const raw = JSON.parse(text) as Record<string, number[][] | undefined>;
    for (let month = 0; month < 12; month++) {
      const season = tariff.fold.seasons.find(({ months }) => months.includes(month + 1))!;
      for (const days of ["weekday", "weekend"] as const) {
        for (let hour = 0; hour < 24; hour++) {
          const tier = season.tiers[season[days][hour]!]!;
          expect(tier.energyPeriod).toBe(raw[`energy${days}schedule`]![month]![hour]);
          expect(tier.demandPeriod).toBe(raw[`demand${days}schedule`]?.[month]?.[hour] ?? null);
        }
      }
    }
  });
});

describe("what a record becomes", () => {
  test("ET-2 folds into two seasons of two tiers, cheapest first", () => {
    const { fold, findings } = importTariff(record("aps-et-2-tou"), "aps-et-2-tou.json");
    expect(fold.seasons.map(({ name, months }) => ({ name, months }))).toEqual([
      { name: "winter", months: [1, 2, 3, 4, 11, 12] },
      { name: "summer", months: [5, 6, 7, 8, 9, 10] },
    ]);
    expect(fold.tierNames).toEqual(["off-peak", "on-peak"]);
    expect(fold.seasons[1]!.tiers.map(({ energyPeriod }) => energyPeriod)).toEqual([1, 0]);
    expect(fold.seasons[1]!.weekday.join("")).toBe("000000000000111111100000");
    expect(findings.map(({ severity, field }) => `${severity} ${field}`)).toEqual(["warning enddate", "warning basicinformationcomments"]);
    expect(findings[0]!.message).toContain("before it starts");
  });

  test("GS-2 has three tiers in summer and two in winter, folded with its demand periods", () => {
    const { fold, findings, staysInBilling } = importTariff(record("sce-gs-2-tou-b-single-phase"), "gs-2.json");
    expect(fold.seasons.map(({ name, tiers }) => [name, tiers.map(({ energyPeriod, demandPeriod }) => [energyPeriod, demandPeriod])])).toEqual([
      ["winter", [[0, 0], [1, 0]]],
      ["summer", [[2, 0], [3, 1], [4, 2]]],
    ]);
    expect(findings.map(({ field }) => field)).toContain("flatdemandmonths");
    expect(staysInBilling.map(({ field }) => field)).toEqual(expect.arrayContaining(["energyratestructure[4]", "flatdemandstructure[0]", "fixedmonthlycharge", "demandattrs[5]", "energyattrs[3]"]));
  });

  test("where energy and demand hours differ, each pair is a tier of its own", () => {
    const rate = { ...record("aps-r-2-tou-demand") };
    const weekday = structuredClone(rate["demandweekdayschedule"]) as number[][];
    weekday[0]![15] = 0;
    for (const month of weekday.slice(1)) month[15] = month[15] === 1 ? 0 : month[15]!;
    rate["demandweekdayschedule"] = weekday;
    const winter = importTariff(rate, "r-2.json").fold.seasons.find(({ months }) => months.includes(1))!;
    expect(winter.tiers.map(({ energyPeriod, demandPeriod }) => [energyPeriod, demandPeriod])).toEqual([[0, 0], [1, 0], [1, 1]]);
  });

  test("volume blocks, credits and ratchets stay in billing, by name", () => {
    const blocks = importTariff(record("pge-e-1-tiered-region-t"), "e-1.json").staysInBilling;
    expect(blocks.some(({ field, what }) => field === "energyratestructure[0]" && what.startsWith("prices by volume (kWh daily): to 6.8 at 0.25902"))).toBe(true);
    expect(blocks.some(({ field }) => field === "mincharge")).toBe(true);
    const reactive = importTariff({ ...record("dominion-va-gs-3"), demandratchetpercentage: Array.from({ length: 12 }, () => 0.85) }, "gs-3.json").staysInBilling;
    expect(reactive.map(({ field }) => field)).toEqual(expect.arrayContaining(["demandreactivepowercharge", "demandratchetpercentage", "dgrules"]));
  });

  test("what the record does not say is asked: the interval of demand only where it is billed and absent", () => {
    const asked = (name: string): string[] => importTariff(record(name), name).questions.map(({ answer }) => answer);
    expect(asked("aps-et-2-tou")).toEqual(["program.code", "clock.zone", "clock.mode", "clock.tariffHours", "years", "holidays", "subHourEdges", "seasonStarts"]);
    expect(asked("sce-gs-2-tou-b-single-phase")).toContain("demandIntervalMinutes");
    expect(asked("entergy-ar-lps-tou")).not.toContain("demandIntervalMinutes");
    expect(asked("jea-rs-flat")).not.toContain("subHourEdges");
  });
});

describe("a broken record is refused with file and field", () => {
  const et2 = (change: (rate: Record<string, unknown>) => void): ProgramsError => {
    const rate = record("aps-et-2-tou");
    change(rate);
    return refusalOf(() => importTariff(rate, "broken.json"));
  };
  const weekday = (rate: Record<string, unknown>): unknown[][] => rate["energyweekdayschedule"] as unknown[][];

  test.each([
    ["an hour too many", (rate: Record<string, unknown>) => weekday(rate)[3]!.push(0), "energyweekdayschedule[3][24]"],
    ["an hour too few", (rate: Record<string, unknown>) => weekday(rate)[3]!.pop(), "energyweekdayschedule[3][23]"],
    ["a month too many", (rate: Record<string, unknown>) => weekday(rate).push([]), "energyweekdayschedule[12]"],
    ["text for a period", (rate: Record<string, unknown>) => (weekday(rate)[11]![7] = "2"), "energyweekdayschedule[11][7]"],
    ["a fraction for a period", (rate: Record<string, unknown>) => (weekday(rate)[0]![0] = 1.5), "energyweekdayschedule[0][0]"],
    ["a period that has no price", (rate: Record<string, unknown>) => (weekday(rate)[0]![5] = 9), "energyweekdayschedule[0][5]"],
    ["no prices", (rate: Record<string, unknown>) => delete rate["energyratestructure"], "energyratestructure"],
    ["no weekend", (rate: Record<string, unknown>) => delete rate["energyweekendschedule"], "energyweekendschedule"],
    ["demand prices without hours", (rate: Record<string, unknown>) => (rate["demandratestructure"] = [[{ rate: 1 }]]), "demandweekdayschedule"],
    ["text for a price", (rate: Record<string, unknown>) => (rate["energyratestructure"] = [[{ rate: "1" }]]), "energyratestructure[0][0].rate"],
    ["no name", (rate: Record<string, unknown>) => delete rate["name"], "name"],
  ])("%s", (_, change, field) => {
    const error = et2((rate) => void change(rate));
    expect(error.code).toBe("tariff-invalid");
    expect(error.kind).toBe("input");
    expect(error.findings.map((finding) => finding.field)).toContain(field);
    expect(error.message).toContain("broken.json: ");
  });

  test("text that is no JSON, and text that is too long", () => {
    expect(refusalOf(() => parseJsonFile("{\"name\": ", "cut.json")).message).toContain("cut.json: not a JSON file");
    expect(refusalOf(() => parseJsonFile(" ".repeat(3_000_000), "long.json")).code).toBe("file-unreadable");
  });

  test("more than eight pairs of periods in a season are an error in the import's findings", () => {
    const rate = record("jea-rs-flat");
    rate["energyratestructure"] = Array.from({ length: 9 }, (_, index) => [{ rate: index }]);
    rate["energyweekdayschedule"] = Array.from({ length: 12 }, () => Array.from({ length: 24 }, (_, hour) => hour % 9));
    const { findings } = importTariff(rate, "nine.json");
    expect(findings.filter(({ severity }) => severity === "error")[0]?.message).toContain("9 pairs");
  });

  test("any JSON at all is either a tariff or refused by this package's own error", () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      expect(refusalOf(() => importTariff(value, "any.json")).code).toBe("tariff-invalid");
    }), { numRuns: 200 });
  });

  test("any value in any place of a record never throws anything else", () => {
    const keys = Object.keys(record("sce-gs-2-tou-b-single-phase"));
    fc.assert(fc.property(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 3 }), (key, value) => {
      try {
        importTariff({ ...record("sce-gs-2-tou-b-single-phase"), [key]: value }, "any.json");
      } catch (error) {
        expect(error).toBeInstanceOf(ProgramsError);
      }
    }), { numRuns: 200 });
  });
});
