import { digestOfValue } from "@metersmith/base/digest";
import { applyFragments, identityFrom, readFragments, TablesError, type Definitions } from "@metersmith/tables";
import { standardDefinitions } from "@metersmith/tables/standard";
import type { z } from "zod";
import { ProgramsError } from "../errors.ts";
import { parseJsonFile, readShape } from "../json-file.ts";
import type { DeviceType } from "./device-type.ts";
import { factoryTables } from "./factory.ts";
import { defaultsSchema, displaySchema, factorySchema, firmwareSchema, limitsSchema, manifestSchema, mappingSchema, policySchema } from "./files.ts";
import { checkAgainstLayouts } from "./self-check.ts";

/** In the order in which people read them. */
export const deviceTypeFileNames = ["manifest.json", "factory.json", "fragment.json", "mapping.json", "limits.json", "defaults.json", "policy.json", "firmware.json", "display.json"] as const;
const known: ReadonlySet<string> = new Set(deviceTypeFileNames);

/**
 * Reads a plug-in from its files (name → text): manifest, factory, mapping, limits, defaults, policy; where the model has tables of its own or does
 * otherwise than the standard, `fragment.json` (canonical TDL fragments); and, where it has to be said, `firmware.json` and `display.json`. Text files ending
 * in `.md` are for people. Throws `device-type-invalid` or `file-unreadable` naming file and field.
 */
export function readDeviceType(files: ReadonlyMap<string, string>): DeviceType {
  return deviceTypeFrom(parseDeviceTypeFiles(files));
}

/** The values of the files; nothing of them is checked yet. Throws `device-type-invalid`, `file-unreadable`. */
export function parseDeviceTypeFiles(files: ReadonlyMap<string, string>): Map<string, unknown> {
  const parsed = new Map<string, unknown>();
  for (const [name, text] of files) {
    if (name.endsWith(".md")) continue;
    if (!known.has(name)) throw new ProgramsError("device-type-invalid", `${name.slice(0, 80)}: no file of a device type; there may be ${[...known].join(", ")}`, { context: { file: name.slice(0, 80) } });
    parsed.set(name, parseJsonFile(text, name));
  }
  return parsed;
}

/** From the values of its files (`manifest.json` → value), as `readDeviceType`. */
export function deviceTypeFrom(parsed: ReadonlyMap<string, unknown>): DeviceType {
  const shaped = <Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema> => {
    if (!parsed.has(name)) throw new ProgramsError("device-type-invalid", `${name}: is missing from the device type`, { context: { file: name } });
    return readShape(schema, parsed.get(name), name, "device-type-invalid");
  };
  const manifest = shaped("manifest.json", manifestSchema);
  const factory = shaped("factory.json", factorySchema);
  const contents = {
    manifest,
    mapping: shaped("mapping.json", mappingSchema),
    limits: shaped("limits.json", limitsSchema),
    defaults: shaped("defaults.json", defaultsSchema),
    policy: shaped("policy.json", policySchema),
    ...(parsed.has("firmware.json") ? { firmware: shaped("firmware.json", firmwareSchema) } : {}),
    ...(parsed.has("display.json") ? { display: shaped("display.json", displaySchema) } : {}),
  };
  if (factory.deviceType !== manifest.id) {
    throw new ProgramsError("device-type-invalid", `factory.json: deviceType is "${factory.deviceType}", manifest.json says "${manifest.id}"`, { context: { file: "factory.json", field: "deviceType" } });
  }
  const definitions = definitionsOf(parsed.get("fragment.json"), factory.tables["1"]);
  const { context, images, dimension } = factoryTables(definitions, factory.tables);
  const deviceType: DeviceType = {
    id: manifest.id,
    name: manifest.title,
    manufacturer: manifest.manufacturer.name,
    model: manifest.model,
    version: manifest.version,
    digest: digestOfValue(Object.fromEntries(parsed)),
    limits: {
      seasons: dimension(51, "CALENDAR_FUNC.NBR_SEASONS"),
      specialSchedules: dimension(51, "CALENDAR_FUNC.NBR_SPECIAL_SCHED"),
      datedEntries: dimension(51, "NBR_NON_RECURR_DATES"),
      seasonStarts: dimension(51, "NBR_RECURR_DATES"),
      tierSwitches: dimension(51, "NBR_TIER_SWITCHES"),
      tiers: dimension(21, "NBR_TIERS"),
      energyRegisters: dimension(21, "NBR_SUMMATIONS"),
      demandRegisters: dimension(21, "NBR_DEMANDS"),
    },
    definitions, context, factoryImages: images, dimension, files: contents,
  };
  checkAgainstLayouts(deviceType);
  return deviceType;
}

/** `generalIdentification`: the factory's table 1, against which the conditions of fragments are held. */
function definitionsOf(fragments: unknown, generalIdentification: unknown): Definitions {
  if (fragments === undefined) return standardDefinitions;
  try {
    return applyFragments(standardDefinitions, readFragments(fragments), identityFrom(generalIdentification));
  } catch (cause) {
    if (!(cause instanceof TablesError)) throw cause;
    throw new ProgramsError("device-type-invalid", `fragment.json: ${cause.message}`, { context: { ...cause.context, file: "fragment.json" }, cause });
  }
}
