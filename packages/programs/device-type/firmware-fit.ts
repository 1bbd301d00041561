import type { DecodedTable } from "@metersmith/tables";
import { numberAt } from "../mapping/primitive.ts";
import type { DeviceType } from "./device-type.ts";
import type { FirmwareCompatibility } from "./files.ts";

type Ranges = FirmwareCompatibility["firmware"];

/** Why the type does not speak for a meter, by its table 1; undefined where it does. Throws `tables-unreadable`. */
export function firmwareRefusal({ id, version, files: { firmware: compatible } }: DeviceType, identification: DecodedTable): string | undefined {
  if (!compatible) return undefined;
  for (const [what, prefix] of [["hardware", "HW"], ["firmware", "FW"]] as const) {
    const [major, minor] = [numberAt(identification, `${prefix}_VERSION`), numberAt(identification, `${prefix}_REVISION`)];
    const ranges = compatible[what];
    if (!ranges.some((range) => holds(range, major * 256 + minor))) {
      return `the meter has ${what} ${major}.${minor}; ${id} ${version} speaks for ${rangesText(ranges)} (firmware.json)`;
    }
  }
  return undefined;
}

export function rangesText(ranges: Ranges): string {
  return ranges.map(({ from, below }) => (below === undefined ? `${from} and later` : `${from} to below ${below}`)).join(", ");
}

function holds({ from, below }: Ranges[number], release: number): boolean {
  return release >= numberOf(from) && (below === undefined || release < numberOf(below));
}

function numberOf(release: string): number {
  const [major = 0, minor = 0] = release.split(".").map(Number);
  return major * 256 + minor;
}
