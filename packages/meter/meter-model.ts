import { Failure } from "@metersmith/base/errors";
import { applyFragments, identityFrom, MeterContext, readFragments, type Definitions, type FieldValue, type TableId } from "@metersmith/tables";
import { standardDefinitions } from "@metersmith/tables/standard";
import { diagnosticTable } from "./diagnostics/diagnostic-tables.ts";
import { logPlacesNeededBy } from "./events/every-event.ts";
import type { FirmwareRunner } from "./firmware/firmware-runner.ts";
import { version1, version2 } from "./firmware/images.generated.ts";
import { inThreadRunner } from "./firmware/in-thread-runner.ts";
import { boardFlash } from "./flash/flash-layout.ts";
import { Metrology } from "./metrology/metrology.ts";
import { MeterError } from "./meter-error.ts";
import { ProtectionStore } from "./protection/protection-store.ts";
import { protectionTable } from "./protection/protection-tables.ts";
import { numberIn } from "./tree-access.ts";
import { factoryFlash, type FactoryFlash } from "./update/factory-flash.ts";
import type { SlotContent } from "./update/firmware-slot.ts";
import { updateTable } from "./update/update-tables.ts";

/** A meter model: its tables as the factory ships them. Everything type-specific is this data; many meters share one model. */
export interface MeterModel {
  readonly deviceType: string;
  readonly title: string;
  readonly context: MeterContext;
  /** Whole tables at first power-up; those that are absent are made by the running meter. */
  readonly images: ReadonlyMap<TableId, Uint8Array>;
  /** Names of the access levels, in the order of table 42. */
  readonly levels: readonly string[];
  /** What a meter without another line is connected to. */
  readonly syntheticLoad: SyntheticLoad;
  /** How long procedures take that do not end at once, by number; seconds. */
  readonly procedureSeconds: ReadonlyMap<number, number>;
  /** What its meters share of measuring. */
  readonly metrology: Metrology;
  /** Their flash as it leaves the factory. */
  readonly flash: FactoryFlash;
  /** What its tables of the service switch mean; undefined for a model without one. */
  readonly protection: ProtectionStore | undefined;
}

/** Size against a household's load, on a service of one or three phases; or the most pulses an hour. */
export type SyntheticLoad = { readonly scale: number; readonly phases: 1 | 3 } | { readonly pulsesAnHour: number };

/** Tables that the running meter makes and no image is kept of. */
export const liveTables: ReadonlySet<TableId> = new Set([3, 7, 8, 23, 24, 25, 26, 52, 55, 63, 64, 76, diagnosticTable.status, diagnosticTable.summaries, diagnosticTable.reports, updateTable.status, updateTable.buffer, protectionTable.status]);
/** Tables without which this meter cannot work. */
const needed: readonly TableId[] = [0, 1, 3, 5, 6, 7, 8, 11, 12, 13, 16, 21, 22, 23, 41, 42, 44, 51, 52, 53, 54, 55];

/** What a device type's folder says of its meters, as parsed JSON. */
export interface ModelFiles {
  /** `factory.json`. */
  readonly factory: unknown;
  /** `fragment.json`: what the model has beside the standard's tables, or does otherwise; undefined where it has none. */
  readonly fragments: unknown;
}

/**
 * Reads the files of a device type (docs/reference/virtual-meter.md). `file` names the factory's in messages. Its meters run their firmware by `runner`, which
 * they share; models may share it too. Throws `bad-model`.
 */
export function readMeterModel({ factory, fragments }: ModelFiles, file = "factory.json", runner: FirmwareRunner = inThreadRunner()): MeterModel {
  const root = record(factory, file, "the file");
  const tables = record(root["tables"], file, "tables");
  const trees = new Map<TableId, FieldValue>();
  for (const [key, tree] of Object.entries(tables)) {
    if (!/^\d{1,4}$/.test(key)) throw bad(file, `tables.${key}`, "the key is no table number");
    trees.set(Number(key), record(tree, file, `tables.${key}`) as FieldValue);
  }
  const definitions = orBadModel(file, () => definitionsOf(fragments, trees.get(1)));
  const { context, images } = orBadModel(file, () => MeterContext.fromValues(definitions, trees));
  const missing = needed.filter((table) => !context.has(table));
  if (missing.length > 0) throw bad(file, "tables.0.STD_TBLS_USED", `this meter needs table ${missing.join(", ")} too`);
  refuseShortLog(context, images, file);
  const levels = root["passwords"];
  if (!Array.isArray(levels) || !levels.every((level) => typeof level === "string")) throw bad(file, "passwords", "expected the names of the access levels");
  return {
    deviceType: text(root["deviceType"], file, "deviceType"),
    title: text(root["title"], file, "title"),
    context, images, levels,
    syntheticLoad: syntheticLoadIn(record(root["syntheticLoad"], file, "syntheticLoad"), file),
    procedureSeconds: secondsByNumber(root["procedureSeconds"] ?? {}, file),
    metrology: new Metrology(context, images, runner),
    flash: factoryFlash(boardFlash, factoryFirmware(context, images.get(1))),
    protection: orBadModel(file, () => ProtectionStore.of(context, images)),
  };
}

function syntheticLoadIn({ scale, phases = 1, pulsesAnHour }: Readonly<Record<string, unknown>>, file: string): SyntheticLoad {
  if (pulsesAnHour !== undefined) return { pulsesAnHour: positive(pulsesAnHour, file, "syntheticLoad.pulsesAnHour") };
  if (phases !== 1 && phases !== 3) throw bad(file, "syntheticLoad.phases", "expected 1 or 3");
  return { scale: positive(scale, file, "syntheticLoad.scale"), phases };
}

/** The firmware that the factory puts into the program memory, by FW_VERSION of table 1. */
function factoryFirmware(context: MeterContext, identity: Uint8Array | undefined): SlotContent {
  const version = numberIn(identity && context.decode(1, identity).tree(), "FW_VERSION");
  return version === 2 ? { id: "metrology", version: 0x0200, module: version2 } : { id: "metrology", version: 0x0100, module: version1 };
}

/** A log with fewer places than the budgets of its events would drop entries before their time. */
function refuseShortLog(context: MeterContext, images: ReadonlyMap<TableId, Uint8Array>, file: string): void {
  const dimensions = images.get(71);
  if (!context.has(76) || !dimensions) return;
  const places = numberIn(context.decode(71, dimensions).tree(), "NBR_EVENT_ENTRIES");
  const needed = logPlacesNeededBy(context);
  if (places < needed) throw bad(file, "tables.71.NBR_EVENT_ENTRIES", `${places} places; the events of this meter need ${needed} to be kept for 45 days`);
}

/** The standard's definitions with the model's own; conditions of fragments are held against the factory's table 1. */
function definitionsOf(fragments: unknown, generalIdentification: unknown): Definitions {
  return fragments === undefined ? standardDefinitions : applyFragments(standardDefinitions, readFragments(fragments), identityFrom(generalIdentification));
}

function orBadModel<Value>(file: string, make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new MeterError("input", "bad-model", `${file}: ${error.message}`, { ...error.context, file }, error);
  }
}

function record(value: unknown, file: string, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad(file, field, "expected an object");
  return value as Readonly<Record<string, unknown>>;
}

function secondsByNumber(value: unknown, file: string): ReadonlyMap<number, number> {
  return new Map(
    Object.entries(record(value, file, "procedureSeconds")).map(([number, seconds]) => {
      if (!/^\d{1,4}$/.test(number)) throw bad(file, `procedureSeconds.${number}`, "the key is no procedure number");
      return [Number(number), positive(seconds, file, `procedureSeconds.${number}`)] as const;
    }),
  );
}

function text(value: unknown, file: string, field: string): string {
  if (typeof value !== "string" || value === "") throw bad(file, field, "expected a text");
  return value;
}

function positive(value: unknown, file: string, field: string): number {
  if (typeof value !== "number" || !(value > 0)) throw bad(file, field, "expected a positive number");
  return value;
}

function bad(file: string, field: string, what: string): MeterError {
  return new MeterError("input", "bad-model", `${file}, ${field}: ${what}.`, { file, field });
}
