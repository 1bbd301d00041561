import { toHex } from "@metersmith/base/bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildProgram } from "../build/build.ts";
import { ProgramsError } from "../errors.ts";
import { exampleParameters } from "../testing/example-files.ts";
import { deviceType, deviceTypeFiles } from "../testing/plug-ins.ts";
import { readDeviceType } from "./read-device-type.ts";

type Json = Record<string, unknown>;

/** The rx-2s with one file edited. */
function edited(file: string, edit: (json: Json) => void): Map<string, string> {
  const files = deviceTypeFiles("rx-2s");
  const json = JSON.parse(files.get(file)!) as Json;
  edit(json);
  return files.set(file, JSON.stringify(json));
}

function refusalOf(files: ReadonlyMap<string, string>): ProgramsError {
  try {
    readDeviceType(files);
  } catch (error) {
    if (error instanceof ProgramsError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("[PLG-1] a device type is a folder of data", () => {
  test("two types read, and say what they hold", () => {
    expect(deviceType("rx-2s").limits).toEqual({
      seasons: 4, specialSchedules: 2, datedEntries: 60, seasonStarts: 12, tierSwitches: 40, tiers: 4, energyRegisters: 2, demandRegisters: 1,
    });
    expect(deviceType("ix-4s").limits).toMatchObject({ datedEntries: 80, tierSwitches: 60, energyRegisters: 4, demandRegisters: 2 });
  });

  test("table 51 of the factory gives the size that table 54 really has", () => {
    for (const id of ["rx-2s", "ix-4s"] as const) {
      const type = deviceType(id);
      expect(type.dimension(51, "CALENDAR_TBL_SIZE")).toBe(type.context.layout(54).size);
    }
  });

  test("the digest is of the contents: formatting does not change it, a value does", () => {
    const plain = readDeviceType(deviceTypeFiles("rx-2s"));
    expect(readDeviceType(edited("limits.json", () => {})).digest).toBe(plain.digest);
    expect(readDeviceType(edited("limits.json", (json) => (json["tierSwitchesPerDay"] = 15))).digest).not.toBe(plain.digest);
  });

  test("a type may bring tables of its own, and a mapping that writes them", () => {
    const files = edited("mapping.json", (json) => {
      (json["rules"] as Json[]).push({ use: "value", parameter: "program.version", table: 2048, field: "RATE.VERSION" });
      (json["writes"] as number[]).unshift(2048);
    });
    const factory = JSON.parse(files.get("factory.json")!) as { tables: Record<string, Json> };
    Object.assign(factory.tables["0"]!, { MFG_TBLS_USED: [0, 8, 9, 10, 11, 12, 13, 16, 17, 18], MFG_TBLS_WRITE: [0, 8, 13, 17] });
    files.delete("display.json");
    files.set("factory.json", JSON.stringify(factory));
    const add = (to: string, value: Json): Json => ({ op: "add", to, value });
    const fragments = JSON.parse(files.get("fragment.json")!) as Json[];
    fragments.push({
      format: "metersmith-fragment-1",
      name: "rate",
      when: { manufacturer: "MSMT", model: "RX-2S", firmware: { from: "1.0" } },
      operations: [
        add("types", { kind: "bits", name: "RATE_BFLD", base: "UINT16", members: [{ kind: "bit-range", name: "VERSION", first: 4, last: 15, type: "UINT" }] }),
        add("types", { kind: "record", name: "RATE_RCD", members: [{ kind: "field", name: "RATE", type: "RATE_BFLD" }] }),
        add("tables", { number: 2048, name: "RATE_TBL", type: "RATE_RCD" }),
      ],
    });
    files.set("fragment.json", JSON.stringify(fragments));
    const [image] = buildProgram(readDeviceType(files), exampleParameters("aps-et-2-tou")).writes;
    // Version 3 in bits 4-15, least significant octet first; bits 0-3 are not the program's.
    expect([image!.table, toHex(image!.bytes), toHex(image!.mask)]).toEqual([2048, "3000", "f0ff"]);
  });

  test("a fragment that breaks the rules of fragments is refused in the file's name", () => {
    expect(refusalOf(deviceTypeFiles("rx-2s").set("fragment.json", "{}")).message).toMatch(/^fragment\.json: /);
    const elsewhere = { format: "metersmith-fragment-1", name: "a", operations: [{ op: "remove", target: "types/CALENDAR_RCD/COLOUR" }] };
    expect(refusalOf(deviceTypeFiles("rx-2s").set("fragment.json", JSON.stringify(elsewhere))).message).toMatch(/^fragment\.json: Fragment a changes types\/CALENDAR_RCD\/COLOUR/);
  });
});

describe("[PLG-1] a plug-in that is wrong is refused with file and field", () => {
  test.each<[string, Map<string, string>, RegExp]>([
    ["a file missing", (() => { const files = deviceTypeFiles("rx-2s"); files.delete("policy.json"); return files; })(), /^policy\.json: is missing/],
    ["a file too many", deviceTypeFiles("rx-2s").set("run.sh", ""), /^run\.sh: no file of a device type/],
    ["a file that is no JSON", deviceTypeFiles("rx-2s").set("limits.json", "{"), /^limits\.json: not a JSON file/],
    ["an unknown field", edited("limits.json", (json) => (json["colour"] = 1)), /^limits\.json: colour: is not a field/],
    ["an unknown primitive", edited("mapping.json", (json) => (json["rules"] = [{ use: "script" }])), /^mapping\.json: rules\[0\]/],
    ["a check of a field that is not there", edited("mapping.json", (json) => (json["checks"] = [{ table: 1, fields: ["COLOUR"] }])), /^mapping\.json: checks\[0\]\.fields\[0\]: table 1 has no field COLOUR/],
    ["a table that the meter lacks", edited("mapping.json", (json) => (json["checks"] = [{ table: 60 }])), /^mapping\.json: checks\[0\]: table 60 is not among the tables/],
    ["a rule for a table that is not written", edited("mapping.json", (json) => (json["writes"] = [12, 13, 16, 22, 53, 6])), /^mapping\.json: rules\[3\]: sets table 54/],
    ["a table both written and never written", edited("mapping.json", (json) => (json["neverWritten"] = [{ table: 54, why: "" }])), /^mapping\.json: neverWritten\[0\]: table 54 is among/],
    ["a role with a field that is not there", edited("policy.json", (json) => (json["roles"] = { reader: { about: "", setClock: false, allow: [{ table: 6, fields: ["NAME"] }] } })), /^policy\.json: roles\.reader\.allow\[0\]\.fields\[0\]/],
    ["a table written that table 0 does not let be written", edited("factory.json", (json) => (((json["tables"] as Record<string, Json>)["0"] as Json)["STD_TBLS_WRITE"] = [6, 7, 12, 13, 16, 22, 42, 53])), /^mapping\.json: writes\[5\]: table 54 is not among the tables that factory\.json lists as writable/],
    ["a table written twice", edited("mapping.json", (json) => (json["writes"] = [12, 13, 16, 22, 53, 54, 6, 12])), /^mapping\.json: writes\[7\]: table 12 is listed twice/],
    ["a rule for a field that is not there", edited("mapping.json", (json) => (((json["rules"] as Json[]).find(({ use }) => use === "build-mark") as Json)["field"] = "COLOUR")), /^mapping\.json: rules\[\d+\]\.field: table 6 has no field COLOUR/],
    ["a right on a table that is never written", edited("policy.json", (json) => ((json["roles"] as Json)["thief"] = { about: "", setClock: false, allow: [{ table: 23 }] })), /^policy\.json: roles\.thief\.allow\[0\]: allows a change of table 23, which mapping\.json says is never written/],
    ["another model than its meters say", edited("manifest.json", (json) => (json["model"] = "RX-3S")), /^manifest\.json: model: is "RX-3S"; the meters say "RX-2S"/],
    ["another manufacturer than its meters say", edited("manifest.json", (json) => (json["manufacturer"] = { name: "A", code: "OTHR" })), /^manifest\.json: manufacturer\.code: is "OTHR"; the meters say "MSMT"/],
    ["a default that the limits rule out", edited("defaults.json", (json) => (json["demandIntervalMinutes"] = 20)), /^defaults\.json: demandIntervalMinutes: is 20; limits\.json lets it be 5, 15, 30, 60/],
    ["more changes of tier a day than the meter holds", edited("limits.json", (json) => (json["tierSwitchesPerDay"] = 41)), /^limits\.json: tierSwitchesPerDay: is 41; the meter holds 40/],
    ["a fill that the type does not measure", edited("defaults.json", (json) => (json["fillRegisters"] = ["m3"])), /^defaults\.json: fillRegisters\[0\]: m3 is not in the catalog/],
    ["words for a field that is not there", deviceTypeFiles("rx-2s").set("display.json", JSON.stringify({ format: "metersmith-display-1", unknownCode: "{code}", tables: [{ table: 6, title: "T", fields: [{ field: "NAME", title: "N" }] }] })), /^display\.json: tables\[0\]\.fields\[0\]\.field: table 6 has no field NAME/],
    ["a release that is none", deviceTypeFiles("rx-2s").set("firmware.json", JSON.stringify({ format: "metersmith-firmware-1", hardware: [{ from: "1" }], firmware: [{ from: "1.0" }] })), /^firmware\.json: hardware\[0\]\.from: expected a release/],
    ["another type's factory", edited("factory.json", (json) => (json["deviceType"] = "ix-4s")), /^factory\.json: deviceType is "ix-4s"/],
    ["a value that a table cannot hold", edited("factory.json", (json) => ((json["tables"] as Json)["11"] = { NBR_SOURCES: 300 })), /^factory\.json: .*NBR_SOURCES/],
    ["no dimension table", edited("factory.json", (json) => delete (json["tables"] as Json)["51"]), /^factory\.json: .*(51|TIME_TOU)/],
  ])("%s", (_, files, message) => {
    expect(refusalOf(files).message).toMatch(message);
  });

  test("a mapping that names a field which the type's own fragment removed is refused", () => {
    const files = deviceTypeFiles("rx-2s");
    const fragments = JSON.parse(files.get("fragment.json")!) as Json[];
    fragments.push({ format: "metersmith-fragment-1", name: "fewer", operations: [{ op: "remove", target: "types/UTIL_INFO_RCD/MISC_ID" }] });
    expect(refusalOf(files.set("fragment.json", JSON.stringify(fragments))).message).toMatch(/^mapping\.json: rules\[\d+\]\.field: table 6 has no field MISC_ID/);
  });

  test("any JSON in the place of any file is refused by this package's own error, or read", () => {
    const names = [...deviceTypeFiles("rx-2s").keys()];
    fc.assert(fc.property(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 3 }), (name, value) => {
      expect(refusalOf(deviceTypeFiles("rx-2s").set(name, JSON.stringify(value)))).toBeInstanceOf(ProgramsError);
    }), { numRuns: 60 });
  });
});
