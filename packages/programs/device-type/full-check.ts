import { merge } from "@metersmith/tables";
import { buildProgram, type Build } from "../build/build.ts";
import { ProgramsError } from "../errors.ts";
import { parametersFromImages } from "../reverse/from-tables.ts";
import type { DeviceType } from "./device-type.ts";
import { roundTripFaults, trialProgram } from "./trial-program.ts";

/**
 * What reading a type cannot tell: whether its mapping builds at all and works both ways, by a program that fills the type. Gives that build. Throws
 * `device-type-invalid` with what did not come back, or why it does not build.
 */
export function fullCheck(type: DeviceType): Build {
  const parameters = trialProgram(type);
  let build: Build;
  try {
    build = buildProgram(type, parameters);
  } catch (cause) {
    if (!(cause instanceof ProgramsError)) throw cause;
    throw new ProgramsError("device-type-invalid", `mapping.json: a program that fills ${type.id} does not build: ${cause.message}`, { context: { ...cause.context, file: "mapping.json" }, findings: cause.findings, cause });
  }
  const images = new Map(type.factoryImages);
  for (const write of build.writes) images.set(write.table, merge(images.get(write.table) ?? new Uint8Array(write.bytes.length), write));
  const read = parametersFromImages(type, images);
  const faults = roundTripFaults(parameters, read);
  if (faults.length > 0) {
    throw new ProgramsError("device-type-invalid", `mapping.json: does not work both ways: ${faults.slice(0, 3).join("; ").slice(0, 1000)}`, {
      context: { file: "mapping.json", field: "rules" }, findings: faults.map((message) => ({ severity: "error", field: "rules", message })),
    });
  }
  return build;
}
