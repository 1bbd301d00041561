import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readTextFolder } from "@metersmith/node/text-folder";
import { type DeviceType, readDeviceType } from "@metersmith/programs";

/** The device types of a folder with one folder for each, by their id. One that is wrong stops all, with file and field. */
export async function readDeviceTypes(folder: string): Promise<ReadonlyMap<string, DeviceType>> {
  const types = new Map<string, DeviceType>();
  for (const entry of (await readdir(folder, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isDirectory()) continue;
    const type = readDeviceType(await readTextFolder(join(folder, entry.name)));
    types.set(type.id, type);
  }
  return types;
}
