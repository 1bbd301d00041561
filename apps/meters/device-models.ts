import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readMeterModel, type MeterModel } from "@metersmith/meter";
import { extendDefinitions } from "@metersmith/tables";
import { standardDefinitions } from "@metersmith/tables/standard";
import { StreetError } from "./street-error.ts";

/** Reads a model out of the folder of the device types: `factory.json`, and the model's own tables where it has any (`tables.json`). */
export async function readDeviceModel(folder: string, deviceType: string): Promise<MeterModel> {
  const file = join(folder, deviceType, "factory.json");
  const factory = await readJson(file);
  if (factory === undefined) throw new StreetError("input", "bad-configuration", `${file} is missing: there is no device type ${deviceType} to make meters of.`, { file });
  const own = await readJson(join(folder, deviceType, "tables.json"));
  return readMeterModel(own === undefined ? standardDefinitions : extendDefinitions(standardDefinitions, own), factory, file);
}

/** Undefined where there is no such file. */
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new StreetError("input", "bad-configuration", `${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}.`, { file }, error);
  }
}
