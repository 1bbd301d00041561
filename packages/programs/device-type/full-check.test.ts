import { describe, expect, test } from "vitest";
import { edited } from "../testing/archives.ts";
import { deviceType, deviceTypeIds } from "../testing/plug-ins.ts";
import { fullCheck } from "./full-check.ts";
import { firmwareRefusal } from "./firmware-fit.ts";
import { fieldWords } from "./field-words.ts";
import { readDeviceType } from "./read-device-type.ts";
import { roundTripFaults, trialProgram } from "./trial-program.ts";

test.each(deviceTypeIds)("[BLD-2] a program that fills a %s builds, and every part of it comes back out of the tables", (id) => {
  const type = deviceType(id);
  const build = fullCheck(type);
  expect(new Set(build.writes.map(({ table }) => table))).toEqual(new Set(type.files.mapping.writes));
});

describe("[PLG-1] a mapping that reads well and does not work is refused before it is used", () => {
  test.each<[string, string, (json: Record<string, unknown>) => void, RegExp]>([
    ["no rule for the calendar", "mapping.json", (json) => (json["rules"] = (json["rules"] as { use: string }[]).filter(({ use }) => use !== "calendar")), /does not build: trial: calendar\.tiers: is not held by rx-2s/],
    ["one rule twice", "mapping.json", (json) => (json["rules"] as unknown[]).push({ use: "demand-interval" }), /does not build: mapping\.json: table 13, INTERVAL_VALUE\[0\]\.INT_LENGTH is set twice/],
    ["a parameter that is no single value", "mapping.json", (json) => (json["rules"] as unknown[]).push({ use: "value", parameter: "calendar.tiers", table: 6, field: "OWNER_NAME" }), /does not build: mapping\.json: the parameter calendar\.tiers is no single value/],
    ["a text for a number", "mapping.json", (json) => (json["rules"] as unknown[]).push({ use: "constant", table: 22, field: "SUMMATION_SELECT[9]", value: "x" }), /table 22 has no field SUMMATION_SELECT\[9\]/],
    ["a quantity twice in the catalog", "mapping.json", (json) => {
      const registers = (json["rules"] as { use: string; catalog?: unknown[] }[]).find(({ use }) => use === "registers")!;
      registers.catalog!.unshift({ quantity: "kWh-received", multiplier: "kilo" }, { quantity: "kWh-received", multiplier: "one" });
    }, /parameters|registers/],
  ])("%s", (_, file, edit, message) => {
    expect(() => fullCheck(readDeviceType(edited("rx-2s", file, edit)))).toThrow(message);
  });

  test("what comes back otherwise is told with both values", () => {
    const type = deviceType("ix-4s");
    const parameters = trialProgram(type);
    expect(roundTripFaults(parameters, { program: { code: "OTHER", version: 258 } })).toEqual(expect.arrayContaining([
      'program.code: "TRIAL-8C" came back as "OTHER"',
      expect.stringMatching(/^registers\.energy: /), expect.stringMatching(/^registers\.demand: /), "demand.intervalMinutes: 60 came back as undefined", "diagnostics.selfTestHours: 24 came back as undefined", "calendar: no table gave it back",
    ]));
  });
});

describe("releases that a type speaks for", () => {
  const type = readDeviceType(edited("rx-2s", "manifest.json", () => undefined).set("firmware.json", JSON.stringify({ format: "metersmith-firmware-1", hardware: [{ from: "1.0" }], firmware: [{ from: "1.0", below: "1.9" }, { from: "2.1", below: "3.0" }] })));
  const meter = (firmware: readonly [number, number]) => type.context.decode(1, type.context.encode(1, { MANUFACTURER: "MSMT", ED_MODEL: "RX-2S", HW_VERSION: 1, FW_VERSION: firmware[0], FW_REVISION: firmware[1] }));

  test.each([[[1, 0]], [[1, 8]], [[2, 1]], [[2, 255]]] as const)("firmware %j is among them", (release) => expect(firmwareRefusal(type, meter(release))).toBeUndefined());
  test.each([[[0, 9]], [[1, 9]], [[2, 0]], [[3, 0]]] as const)("firmware %j is not", (release) => {
    expect(firmwareRefusal(type, meter(release))).toBe(`the meter has firmware ${release.join(".")}; rx-2s ${type.version} speaks for 1.0 to below 1.9, 2.1 to below 3.0 (firmware.json)`);
  });
  test("a type that does not say speaks for all", () => expect(firmwareRefusal(readDeviceType(deviceFilesWithout()), meter([9, 9]))).toBeUndefined());
});

function deviceFilesWithout(): Map<string, string> {
  const files = edited("rx-2s", "manifest.json", () => undefined);
  files.delete("firmware.json");
  return files;
}

test("a code that nothing names is shown in the type's own words for that", () => {
  const display = { format: "metersmith-display-1", unknownCode: "code {code}, see the maker's list", tables: [{ table: 54, title: "Calendar", fields: [{ field: "TIER_SWITCHES[*].DAY_SCH_NUM", title: "Schedule", codes: { 255: "unused" } }] }] };
  const type = readDeviceType(edited("rx-2s", "manifest.json", () => undefined).set("display.json", JSON.stringify(display)));
  const words = fieldWords(type, 54, "TIER_SWITCHES[3].DAY_SCH_NUM");
  expect([words.table, words.field, words.code(255), words.code(9)]).toEqual(["Calendar", "Schedule", "unused", "code 9, see the maker's list"]);
  expect(fieldWords(type, 6, "MISC_ID")).toMatchObject({ table: undefined, field: undefined });
});
