import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readMeterModel, type FirmwareRunner, type MeterModel } from "@metersmith/meter";
import { StreetError } from "./street-error.ts";

/** Reads a model out of the folder of the device types: `factory.json`, and what the model does otherwise than the standard, where it does (`fragment.json`). Its firmware runs on `runner`. */
export async function readDeviceModel(folder: string, deviceType: string, runner?: FirmwareRunner): Promise<MeterModel> {
  const file = join(folder, deviceType, "factory.json");
  const factory = await readJson(file);
  if (factory === undefined) throw new StreetError("input", "bad-configuration", `${file} is missing: there is no device type ${deviceType} to make meters of.`, { file });
  return readMeterModel({ factory, fragments: await readJson(join(folder, deviceType, "fragment.json")) }, file, runner);
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
