import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deviceTypeOf, findDeviceType, readOctets, writeJson } from "./files.ts";
import { wholeNumber } from "./whole-number.ts";

const types = fileURLToPath(new URL("../../device-types", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-files-"));
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  [types, "it is a folder"],
  [join(types, "rx-2s", "manifest.json", "x"), "a part of its path is a file, not a folder"],
  ["/nowhere/et2.json", "there is no such file"],
  ["x".repeat(300), "its name is too long"],
  ["/dev/zero", "it is larger than"],
])("reading %s fails naming it and why", async (file, why) => {
  await expect(readOctets(file)).rejects.toMatchObject({ kind: "input", code: "file", message: expect.stringContaining(`${file}: ${why}`) });
});

test.each([
  ["the disk is full", () => "/dev/full", "the disk is full"],
  ["its folder is missing", () => join(folder, "nowhere", "et2.json"), "the folder that it is to be in does not exist"],
  ["it is a folder", () => folder, "it is a folder"],
])("writing where %s fails naming file and reason", async (_what, file, why) => {
  await expect(writeJson(file(), {})).rejects.toMatchObject({ kind: "input", message: `${file()}: ${why}` });
});

test("a person may name a device type by id or by folder; what others say is an id alone", async () => {
  const { id } = await deviceTypeOf("rx-2s");
  expect((await findDeviceType("rx-2s")).id).toBe(id);
  expect((await findDeviceType(join(types, "rx-2s"))).id).toBe(id);
  for (const text of ["", ".", "..", "../device-types/rx-2s", join(types, "rx-2s"), "rx-2s/", "RX-2S", "x".repeat(300)]) {
    await expect(deviceTypeOf(text)).rejects.toMatchObject({ code: "device-type-unknown" });
  }
  await expect(findDeviceType("")).rejects.toMatchObject({ code: "device-type-unknown" });
  await expect(findDeviceType(join(types, "nope"))).rejects.toMatchObject({ code: "device-type-unknown" });
});

test("an option's number is written in decimal digits", () => {
  expect(wholeNumber("year", "2026", 1970, 2199)).toBe(2026);
  for (const text of ["0x7ea", "2026.0", "2e3", "-2026", "+2026", " 2026", "", "abc", "1969", "2200", "9".repeat(40)]) {
    expect(() => wholeNumber("year", text, 1970, 2199)).toThrow(expect.objectContaining({ kind: "misuse", code: "year" }));
  }
});
