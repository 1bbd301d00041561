import { readdirSync, readFileSync } from "node:fs";
import type { DeviceType } from "../device-type/device-type.ts";
import { readDeviceType } from "../device-type/read-device-type.ts";

/** The files of a plug-in of this repository, by name. */
export function deviceTypeFiles(id: string): Map<string, string> {
  const folder = new URL(`../../../device-types/${id}/`, import.meta.url);
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), "utf8")]));
}

export const deviceTypeIds = ["rx-2s", "ix-4s", "px-9s", "wx-1", "gx-1"] as const;
export type DeviceTypeId = (typeof deviceTypeIds)[number];

export function deviceType(id: DeviceTypeId): DeviceType {
  return readDeviceType(deviceTypeFiles(id));
}
