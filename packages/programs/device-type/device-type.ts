import type { Digest } from "@metersmith/base/digest";
import type { Definitions, MeterContext, TableId } from "@metersmith/tables";
import type { Dimensions } from "../mapping/primitive.ts";
import type { Defaults, Display, FirmwareCompatibility, Limits, Manifest, Mapping, Policy } from "./files.ts";

/** A meter model as a plug-in gives it: data only, read and held against itself. Immutable. */
export interface DeviceType {
  readonly id: string;
  readonly name: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly version: string;
  /** Of all its files' contents, whatever their formatting. */
  readonly digest: Digest;
  /** What it holds, for people: `seasons`, `tiers`, `tierSwitches`, … */
  readonly limits: Readonly<Record<string, number>>;
  /** Standard tables and the type's own. */
  readonly definitions: Definitions;
  /** Layouts by the dimensions that the factory gives the type. */
  readonly context: MeterContext;
  /** Whole images of the tables as the factory ships them. */
  readonly factoryImages: ReadonlyMap<TableId, Uint8Array>;
  readonly dimension: Dimensions;
  readonly files: DeviceTypeFiles;
}

export interface DeviceTypeFiles {
  readonly manifest: Manifest;
  readonly mapping: Mapping;
  readonly limits: Limits;
  readonly defaults: Defaults;
  readonly policy: Policy;
  readonly firmware?: FirmwareCompatibility;
  readonly display?: Display;
}
