import type { CborRefusals } from "@metersmith/base/cbor-items";
import { ProgramsError } from "../errors.ts";

/** Octets that are no archive of a device type; `place` names the part. */
export function badArchive(place: string, what: string, cause?: unknown): ProgramsError {
  return new ProgramsError("archive-invalid", `${place}: ${what}`, { context: { place }, cause });
}

export const refusals: CborRefusals = {
  bad: badArchive,
  tooLarge: (place, octets, most) => new ProgramsError("archive-too-large", `${place}: ${octets} octets; at most ${most} are taken`, { context: { place, octets, most } }),
};
