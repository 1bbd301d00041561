import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readMeterModel, type MeterModel } from "@metersmith/meter";
import { extendDefinitions, type Definitions } from "@metersmith/tables";
import { standardDefinitions } from "@metersmith/tables/standard";
import { StreetError } from "./street-error.ts";

/** Reads a model out of the folder of the device types: `factory.json`, and the maker's own tables where the type has any (`tables.xml`). */
export async function readDeviceModel(folder: string, deviceType: string): Promise<MeterModel> {
  const file = join(folder, deviceType, "factory.json");
  let factory: unknown;
  try {
    factory = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new StreetError("input", "bad-configuration", `${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}.`, { file }, error);
  }
  return readMeterModel(await definitionsOf(join(folder, deviceType, "tables.xml")), factory, file);
}

async function definitionsOf(file: string): Promise<Definitions> {
  let xml: string;
  try {
    xml = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return standardDefinitions;
    throw error;
  }
  const { parseTdl } = await import("@metersmith/tables/tdl-xml");
  return extendDefinitions(standardDefinitions, parseTdl(xml));
}
